namespace SecurityAudit.Detection.Following;

/// <summary>Says by how much the machine's clock was set since the last look, beside a clock that nobody sets.</summary>
internal sealed class ClockSteps(TimeProvider time)
{
    /// <summary>What a clock that is kept right by small steps does, and a busy machine's pauses.</summary>
    public static readonly TimeSpan Unremarkable = TimeSpan.FromSeconds(5);

    private DateTimeOffset _wall = time.GetUtcNow();
    private long _steady = time.GetTimestamp();

    /// <summary>Null where it was not set.</summary>
    public TimeSpan? Look()
    {
        var (wall, steady) = (time.GetUtcNow(), time.GetTimestamp());
        var step = wall - _wall - time.GetElapsedTime(_steady, steady);
        (_wall, _steady) = (wall, steady);
        return step.Duration() > Unremarkable ? step : null;
    }
}
