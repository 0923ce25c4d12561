using SecurityAudit.Journal;

namespace SecurityAudit.Shipping;

/// <summary>One line in a batch, and what is known about its way.</summary>
internal sealed class BatchEntry(long sequence, int start, int length, JournalBookmark bookmark, bool isControl)
{
    public long Sequence { get; } = sequence;

    public int Start { get; } = start;

    public int Length { get; } = length;

    public JournalBookmark Bookmark { get; } = bookmark;

    /// <summary>What goes instead of the line after the destination refused it.</summary>
    public byte[]? Envelope { get; set; }

    /// <summary>Is it one of the journal's own?</summary>
    public bool IsControl { get; } = isControl;

    /// <summary>Was it sent at least once without a usable answer, so that it may be stored already?</summary>
    public bool MayBeStored { get; set; }

    /// <summary>The place that was written to before the first try without an answer; null when none was known.</summary>
    public string? PlaceBefore { get; set; }
}
