namespace SecurityAudit.Shipping;

/// <summary>Full jitter: a random part of a bound that doubles, so that many nodes do not return together.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan last, Func<double> random)
{
    private static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(10);

    /// <summary>The failures since the last success.</summary>
    public int Failures { get; private set; }

    public void Reset() => Failures = 0;

    /// <summary>How long to wait; never shorter than the server asked, within ten minutes.</summary>
    public TimeSpan Next(TimeSpan? asked)
    {
        var bound = Math.Min(last.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(Failures++, 30)));
        var wait = TimeSpan.FromMilliseconds(bound * random());
        return asked is { } least && least > wait ? (least < LongestAsked ? least : LongestAsked) : wait;
    }
}
