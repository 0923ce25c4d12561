namespace SecurityAudit.Journal;

/// <summary>The line that was read last: where a reader goes on.</summary>
/// <param name="Segment">The segment's file name.</param>
/// <param name="Offset">Where the line begins in it.</param>
/// <param name="Sequence">The line's sequence number.</param>
/// <param name="Hash">The line's hash, which tells whether the line still is the one that was read.</param>
public sealed record JournalBookmark(string Segment, long Offset, long Sequence, string Hash);
