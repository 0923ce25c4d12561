namespace SecurityAudit.Journal;

/// <summary>
/// The batch that could not be made durable, and when it is tried again: after a tenth of a second, then after twice as long each time, at
/// most five seconds.
/// </summary>
internal sealed class FailedBatch(TimeProvider time)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(5);

    private TimeSpan _delay;
    private long _failedAt;

    /// <summary>Null: none has failed since the last that was written.</summary>
    public LineBuffer? Lines { get; private set; }

    /// <summary>Why it failed last.</summary>
    public Exception? Cause { get; private set; }

    /// <summary>How long it still waits.</summary>
    public TimeSpan UntilDue => _delay - time.GetElapsedTime(_failedAt);

    public void Failed(LineBuffer lines, Exception cause)
    {
        _delay = Lines is null ? FirstDelay : TimeSpan.FromTicks(Math.Min(_delay.Ticks * 2, LastDelay.Ticks));
        _failedAt = time.GetTimestamp();
        (Lines, Cause) = (lines, cause);
    }

    public void Written() => (Lines, Cause) = (null, null);
}
