namespace SecurityAudit.Journal;

/// <summary>What was found out about one log.</summary>
public sealed record LogReport
{
    /// <summary>The log's identity.</summary>
    public required string Id { get; init; }

    /// <summary>Its directory.</summary>
    public required string Directory { get; init; }

    /// <summary>Its segments, in order.</summary>
    public required IReadOnlyList<JournalSegment> Segments { get; init; }

    /// <summary>The first sequence number that is still there; the lines before it were pruned.</summary>
    public required long First { get; init; }

    /// <summary>One more than the last sequence number.</summary>
    public required long Size { get; init; }

    /// <summary>The root over all lines; empty when missing lines leave it unknown.</summary>
    public required ReadOnlyMemory<byte> Root { get; init; }

    /// <summary>The newest checkpoint that verified.</summary>
    public required Checkpoint? LastCheckpoint { get; init; }

    /// <summary>
    /// The prefix that is provably good: the lines up to, without, this sequence number are all unaltered and covered by a checkpoint that
    /// a trusted key signed. 0 when nothing is proven.
    /// </summary>
    public required long ProvenSize { get; init; }

    /// <summary>The key that signed last.</summary>
    public required VerifierKey? Key { get; init; }

    /// <summary>Was the key known from elsewhere, not from the journal alone?</summary>
    public required bool IsKeyPinned { get; init; }

    /// <summary>How many events the journal says, in signed lines, that it could not record (<c>journal.gap</c>).</summary>
    public required long Dropped { get; init; }

    /// <summary>Bytes of a line at the end that is not finished: being written, or torn by a crash. They are no part of the log.</summary>
    public required long UnfinishedBytes { get; init; }

    /// <summary>The lines that no signature proves: behind the last checkpoint, and those that were adopted after a crash.</summary>
    public required IReadOnlyList<UnprovenLines> Unproven { get; init; }

    /// <summary>What is proven of this log.</summary>
    public required JournalVerdict Verdict { get; init; }
}
