namespace SecurityAudit.Alerts;

/// <summary>
/// How long a channel is left alone after a failure: a random part of a bound that doubles, so that many nodes do not return together.
/// </summary>
internal sealed class DeliveryBackoff(Func<double> random)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Last = TimeSpan.FromMinutes(2);
    public static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(10);

    /// <summary>Failures since the last success.</summary>
    public int Failures { get; private set; }

    public void Reset() => Failures = 0;

    /// <summary>Never shorter than the receiver asked, within ten minutes.</summary>
    public TimeSpan Next(TimeSpan? asked)
    {
        var bound = Math.Min(Last.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, Math.Min(Failures++, 30)));
        var wait = TimeSpan.FromMilliseconds(bound * random());
        return asked is { } least && least > wait ? (least < LongestAsked ? least : LongestAsked) : wait;
    }
}
