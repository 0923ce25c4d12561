using System.Buffers;
using SecurityAudit.Journal;

namespace SecurityAudit.Shipping;

/// <summary>Consecutive lines of one log, copied, on their way. Reused: its memory is bounded by the options' batch size.</summary>
internal sealed class Batch
{
    /// <summary>The longest line there can be: an entry of 65,535 bytes and the trailer.</summary>
    public const int LongestLine = 65_600;

    private readonly ArrayBufferWriter<byte> _lines = new(64 * 1024);

    public List<BatchEntry> Entries { get; } = [];

    public int Bytes => _lines.WrittenCount;

    public BatchEntry? Last => Entries.Count == 0 ? null : Entries[^1];

    public void Add(long sequence, ReadOnlySpan<byte> line, JournalBookmark bookmark, bool isControl = false)
    {
        var start = _lines.WrittenCount;
        _lines.Write(line);
        Entries.Add(new BatchEntry(sequence, start, line.Length, bookmark, isControl));
    }

    public ReadOnlySpan<byte> Line(BatchEntry entry) => _lines.WrittenSpan.Slice(entry.Start, entry.Length);

    public void Clear()
    {
        _lines.ResetWrittenCount();
        Entries.Clear();
    }
}
