namespace SecurityAudit.Responses;

/// <summary>One source that is blocked: since which alert, until when, and what it sent since. Safe for any thread.</summary>
internal sealed class SourceBlock
{
    private readonly Counts _counts;

    public SourceBlock(AlertNotification alert, DateTimeOffset until, long endsAt)
        : this(alert, until, endsAt, new Counts())
    {
    }

    private SourceBlock(AlertNotification alert, DateTimeOffset until, long endsAt, Counts counts) =>
        (Alert, Until, EndsAt, _counts) = (alert, until, endsAt, counts);

    /// <summary>The alert that blocks it longest.</summary>
    public AlertNotification Alert { get; }

    /// <summary>When it is over, as people read it.</summary>
    public DateTimeOffset Until { get; }

    /// <summary>When it is over, by a clock that nobody sets.</summary>
    public long EndsAt { get; }

    /// <summary>How many requests it refused.</summary>
    public long Requests => Interlocked.Read(ref _counts.Requests);

    public void Refuse() => Interlocked.Increment(ref _counts.Requests);

    /// <summary>How many it refused since it was asked last. One thread.</summary>
    public long TakeRequests()
    {
        var all = Requests;
        var since = all - _counts.Told;
        _counts.Told = all;
        return since;
    }

    /// <summary>The same source for longer: what is counted goes on.</summary>
    public SourceBlock Prolonged(AlertNotification by, DateTimeOffset until, long endsAt) => new(by, until, endsAt, _counts);

    private sealed class Counts
    {
        public long Requests;
        public long Told;
    }
}
