using System.Collections;
using Microsoft.AspNetCore.Http.Features;
using SecurityAudit.Recording;

namespace SecurityAudit.Tests.Guard;

/// <summary>
/// The features of a request that fail the library alone: whatever it asks for or puts there itself, and the connection, throws.
/// </summary>
internal sealed class HostileFeatures(IFeatureCollection inner) : IFeatureCollection
{
    public bool IsReadOnly => inner.IsReadOnly;

    public int Revision => inner.Revision;

    public object? this[Type key]
    {
        get => inner[Asked(key)];
        set => inner[Asked(key)] = value;
    }

    public TFeature? Get<TFeature>()
    {
        Asked(typeof(TFeature));
        return inner.Get<TFeature>();
    }

    public void Set<TFeature>(TFeature? instance)
    {
        Asked(typeof(TFeature));
        inner.Set(instance);
    }

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => inner.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Type Asked(Type feature) => feature.Assembly == typeof(SecurityRecorder).Assembly || feature == typeof(IHttpConnectionFeature)
        ? throw new NotSupportedException("hunter2")
        : feature;
}
