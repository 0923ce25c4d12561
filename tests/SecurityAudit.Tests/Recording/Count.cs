using System.Diagnostics.Metrics;

namespace SecurityAudit.Tests.Recording;

/// <summary>The sum of what an instrument measured while this lives; of one application alone where its factory is given.</summary>
internal sealed class Count : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _sum;

    public Count(string instrument, IMeterFactory? of = null)
    {
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Name == instrument && (of is null || ReferenceEquals(published.Meter.Scope, of)))
            {
                listener.EnableMeasurementEvents(published);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _sum, value));
        _listener.Start();
    }

    public long Sum => Interlocked.Read(ref _sum);

    public void Dispose() => _listener.Dispose();
}
