namespace SecurityAudit.Shipping;

/// <summary>What became of a batch.</summary>
/// <param name="Kind">What it means for all of it.</param>
/// <param name="Message">What the destination said, for people.</param>
internal sealed record BatchOutcome(BatchOutcomeKind Kind, string Message = "")
{
    /// <summary>With <see cref="BatchOutcomeKind.Answered"/>: one for each line, in their order.</summary>
    public IReadOnlyList<LineOutcome> Lines { get; init; } = [];

    /// <summary>The destination's code for it, such as an HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>How long the destination asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Can it be tried again at once, elsewhere?</summary>
    public bool HasMoreNodes { get; init; }

    /// <summary>Bytes that were sent and answered for, before compression.</summary>
    public int Bytes { get; init; }

    /// <summary>What was seen of another copy of the log, on the way.</summary>
    public IReadOnlyList<Fork> Forks { get; init; } = [];
}

internal enum BatchOutcomeKind
{
    /// <summary>Each line has an outcome of its own.</summary>
    Answered,

    /// <summary>Nobody was reached: nothing can have been stored.</summary>
    NotReached,

    /// <summary>Nobody knows what became of it.</summary>
    Unknown,

    /// <summary>The destination has no room now; some of it may be stored.</summary>
    Later,

    /// <summary>It was refused for its size.</summary>
    TooLarge,

    /// <summary>It was refused for what is in it: a line, or the network, spoils it.</summary>
    Spoiled,

    /// <summary>It was refused for who asks or where it goes: somebody has to look.</summary>
    Closed,
}
