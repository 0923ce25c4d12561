using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>One line in a batch, and what is known about its way.</summary>
internal sealed class BatchEntry(long sequence, int start, int length, JournalBookmark bookmark)
{
    public long Sequence { get; } = sequence;

    public int Start { get; } = start;

    public int Length { get; } = length;

    public JournalBookmark Bookmark { get; } = bookmark;

    /// <summary>What goes instead of the line after the engine refused it.</summary>
    public byte[]? Envelope { get; set; }

    /// <summary>May it have been sent under an id without its hash, as versions before did? Then it goes under that id.</summary>
    public bool HasOldId { get; set; }

    /// <summary>Was it sent at least once without a usable answer, so that it may be stored already?</summary>
    public bool MayBeStored { get; set; }

    /// <summary>The backing index that was written to before the first try without an answer; null when none was known.</summary>
    public string? IndexBefore { get; set; }
}
