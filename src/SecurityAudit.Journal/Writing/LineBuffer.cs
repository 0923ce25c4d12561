namespace SecurityAudit.Journal;

/// <summary>Sealed lines one behind the other, as they go to the disk in one write. Grows up to its limit and keeps what it has.</summary>
internal sealed class LineBuffer(int limit)
{
    /// <summary>The byte before the first line, which sealing borrows.</summary>
    private const int Room = 1;

    private const int InitialBytes = 64 * 1024;

    private byte[] _bytes = new byte[Math.Min(limit, InitialBytes)];
    private int _end = Room;

    /// <summary>The sequence number of the first line.</summary>
    public long First { get; private set; }

    /// <summary>The sequence number behind the last line.</summary>
    public long Next { get; private set; }

    /// <summary>The tree with all the lines in it; set when the buffer goes to the disk.</summary>
    public MerkleTree After { get; } = new();

    /// <summary>Is the first line the header of a new segment?</summary>
    public bool BeginsSegment { get; set; }

    /// <summary>Is there a line whose signature must not wait?</summary>
    public bool IsCritical { get; set; }

    /// <summary>Is there anything but checkpoints?</summary>
    public bool HasNews { get; set; }

    public bool IsEmpty => _end == Room;

    public bool IsHalfFull => _end > limit / 2;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(Room, _end - Room);

    /// <summary>Does a payload of this length fit below the limit?</summary>
    public bool HasRoomFor(int payloadLength) => _end + JournalLineFormat.MaxSealedLength(payloadLength) <= limit;

    /// <summary>
    /// Seals a payload as the next line, also above the limit, and writes its leaf hash. When it throws, nothing was added.
    /// </summary>
    public void Add(ReadOnlySpan<byte> id, ReadOnlySpan<byte> payload, Span<byte> leaf)
    {
        var needed = _end + JournalLineFormat.MaxSealedLength(payload.Length);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, Math.Min(limit, _bytes.Length * 2)));
        }

        _end += JournalLineFormat.Seal(_bytes.AsSpan(_end - Room), id, Next, payload, leaf);
        Next++;
    }

    /// <summary>Forgets the lines; the next one has this sequence number.</summary>
    public void Restart(long first)
    {
        _end = Room;
        First = Next = first;
        BeginsSegment = IsCritical = HasNews = false;
    }
}
