using SecurityAudit.Enrichment;

namespace SecurityAudit.Reconciliation;

/// <summary>What was counted of one request and what of it was recorded. Safe for any thread.</summary>
internal sealed class RequestTally : Evidence
{
    public static readonly int Kinds = Enum.GetValues<CountedKind>().Length;

    private readonly int[] _numbers = new int[2 * Kinds];
    private int _isWatched;

    /// <summary>True once: whoever counts first sees to the request's end.</summary>
    public bool BeginsToCount() => Interlocked.Exchange(ref _isWatched, 1) == 0;

    public void Count(CountedKind kind) => Interlocked.Increment(ref _numbers[(int)kind]);

    public void Record(CountedKind kind) => Interlocked.Increment(ref _numbers[Kinds + (int)kind]);

    /// <summary>An event of that kind is recorded.</summary>
    public bool HasRecorded(CountedKind kind) => Recorded(kind) > 0;

    /// <summary>How many events there should be.</summary>
    public int Expected(CountedKind kind) => kind < CountedKind.Session ? Counted(kind) : Math.Min(1, Counted(kind));

    /// <summary>How many of them there are not.</summary>
    public int Missing(CountedKind kind)
    {
        // A sign-in that is refused by forbidding it is recorded as what it is.
        var recorded = kind == CountedKind.Forbidden
            ? Recorded(kind) + Recorded(CountedKind.SignInFailure) + Recorded(CountedKind.SecondFactor)
            : Recorded(kind);
        return Math.Max(0, Expected(kind) - recorded);
    }

    private int Counted(CountedKind kind) => Volatile.Read(ref _numbers[(int)kind]);

    private int Recorded(CountedKind kind) => Volatile.Read(ref _numbers[Kinds + (int)kind]);
}
