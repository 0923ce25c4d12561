using System.Text;

namespace SecurityAudit.Journal;

/// <summary>One line as a reader gives it.</summary>
/// <param name="Utf8">The JSON, without the newline. Valid until the next read.</param>
/// <param name="Id">The log's identity.</param>
/// <param name="Sequence">The line's place in the log, from 0.</param>
/// <param name="Segment">The segment's file name.</param>
/// <param name="Offset">Where the line begins in the segment.</param>
/// <param name="IsControl">Did the journal write it about itself (opened, checkpoint, gap …)?</param>
public readonly record struct JournalLine(
    ReadOnlyMemory<byte> Utf8, string Id, long Sequence, string Segment, long Offset, bool IsControl)
{
    /// <summary>The hash that the line carries, 43 characters of base64url.</summary>
    public string Hash => Encoding.ASCII.GetString(JournalLineFormat.StoredHash(Utf8.Span));

    /// <summary>Where a reader goes on behind this line.</summary>
    public JournalBookmark Bookmark => new(Segment, Offset, Sequence, Hash);
}
