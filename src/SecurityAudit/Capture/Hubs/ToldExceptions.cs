using System.Runtime.CompilerServices;

namespace SecurityAudit.Capture.Hubs;

/// <summary>
/// The exceptions that left a filter, each as often as it did: SignalR logs it once each time, and a cached one is thrown again. Safe for
/// any thread; keeps none alive.
/// </summary>
internal sealed class ToldExceptions
{
    private readonly ConditionalWeakTable<Exception, StrongBox<int>> _told = [];

    /// <summary>A filter saw it leave.</summary>
    public void Tell(Exception exception) => Interlocked.Increment(ref _told.GetOrCreateValue(exception).Value);

    /// <summary>True when what is logged is what a filter saw; that time is used up.</summary>
    public bool Take(Exception exception)
    {
        if (!_told.TryGetValue(exception, out var times))
        {
            return false;
        }

        if (Interlocked.Decrement(ref times.Value) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref times.Value);
        return false;
    }
}
