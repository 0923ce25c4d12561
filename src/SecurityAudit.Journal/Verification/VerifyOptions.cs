namespace SecurityAudit.Journal;

/// <summary>What a journal is verified against.</summary>
public sealed class VerifyOptions
{
    /// <summary>
    /// The keys that may have signed, known from elsewhere. Without one, the key that the journal itself declares is believed: whoever can
    /// write the directory could have made another journal with another key.
    /// </summary>
    public IList<VerifierKey> Keys { get; init; } = [];

    /// <summary>
    /// Checkpoints kept elsewhere: each log must be at least that long and have that root at that size. The rule against cut tails and
    /// roll-back.
    /// </summary>
    public IList<Checkpoint> AtLeastAsNewAs { get; init; } = [];

    /// <summary>
    /// How much longer than the journal's checkpoint interval the unsigned lines may span that a crash or the present moment leaves; more
    /// makes the verdict <see cref="JournalVerdict.Unproven"/>. Default: 10 seconds, for a disk that is slow to take the last lines.
    /// </summary>
    public TimeSpan UnprovenGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many lines may be unsigned at one place; more makes the verdict <see cref="JournalVerdict.Unproven"/>. Default: 100,000. The
    /// writer signs when 4,096 lines are durable without a signature; the rest is what two full buffers of the default size hold.
    /// </summary>
    public long MaxUnprovenLines { get; init; } = 100_000;

    /// <summary>After this many findings of a log no more are listed. Default: 100.</summary>
    public int MaxFindings { get; init; } = 100;

    /// <summary>How many threads hash. Default: one per processor.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Assumed of a journal that does not say.</summary>
    internal static TimeSpan DefaultCheckpointInterval { get; } = TimeSpan.FromSeconds(1);
}
