namespace SecurityAudit.Journal;

/// <summary>What a journal is verified against.</summary>
public sealed class VerifyOptions
{
    /// <summary>
    /// The keys that may have signed, known from elsewhere. Without one, the key that the journal itself declares is believed: whoever can write
    /// the directory could have made another journal with another key.
    /// </summary>
    public IList<VerifierKey> Keys { get; init; } = [];

    /// <summary>Checkpoints kept elsewhere: each log must be at least that long and have that root at that size. The rule against cut tails and roll-back.</summary>
    public IList<Checkpoint> AtLeastAsNewAs { get; init; } = [];

    /// <summary>After this many findings of a log no more are listed. Default: 100.</summary>
    public int MaxFindings { get; init; } = 100;

    /// <summary>How many threads hash. Default: one per processor.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
