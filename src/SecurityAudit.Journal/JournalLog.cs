namespace SecurityAudit.Journal;

/// <summary>One log: what one writer after another wrote into one directory, as one Merkle tree.</summary>
/// <param name="Directory">The log directory: the journal directory itself, or <c>slot-N</c> in it.</param>
/// <param name="Id">Eight characters that every line of it begins with; empty when no line could be read.</param>
/// <param name="Segments">The segments by their first sequence number.</param>
public sealed record JournalLog(string Directory, string Id, IReadOnlyList<JournalSegment> Segments);
