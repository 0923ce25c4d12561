namespace SecurityAudit.Detection.Engine;

/// <summary>
/// The time by which rules count: it goes on with the order of the journal, never back, and while the journal is written never faster than a
/// clock that nobody sets. Who sets the machine's clock neither hides an attack nor makes one.
/// </summary>
internal sealed class JournalClock(TimeProvider time)
{
    private long? _lastStamp;
    private (long Now, long Since)? _anchor;

    /// <summary>In ticks: near the time of the last line, and only to be compared with itself.</summary>
    public long Now { get; private set; }

    /// <summary>The time of the next line, which says that it is of this time.</summary>
    public long Advance(DateTimeOffset? stamp)
    {
        if (stamp is not { } at)
        {
            return Now;
        }

        if (_lastStamp is { } last)
        {
            Now += long.Max(0, at.UtcTicks - last);
        }
        else
        {
            Now = long.Max(Now, at.UtcTicks);
        }

        _lastStamp = at.UtcTicks;
        Now = long.Min(Now, Limit);
        return Now;
    }

    /// <summary>From here on lines are read as they are written.</summary>
    public void BeginLive()
    {
        if (_lastStamp is null)
        {
            Now = time.GetUtcNow().UtcTicks; // a first life: what it remembers of accounts is compared with the time of lines in the next
        }

        _anchor = (Now, time.GetTimestamp());
    }

    /// <summary>The time goes on though nothing is written: only when all that is written was read.</summary>
    public long Pass()
    {
        Now = _anchor is null ? Now : long.Max(Now, Limit);
        return Now;
    }

    private long Limit => _anchor is { } anchor ? anchor.Now + time.GetElapsedTime(anchor.Since).Ticks : long.MaxValue;
}
