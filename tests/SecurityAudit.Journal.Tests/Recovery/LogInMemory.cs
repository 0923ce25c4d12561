namespace SecurityAudit.Journal.Tests.Recovery;

/// <summary>A log of one or two segments, sealed line by line by the format alone, with the root after each line.</summary>
internal sealed class LogInMemory
{
    private readonly TestSigner _signer;
    private readonly string _id;
    private readonly MerkleTree _tree = new();
    private readonly List<byte[]> _roots = [new MerkleTree().Root()];
    private readonly List<SegmentBytes> _closed = [];
    private readonly MerkleTree _durable = new();
    private byte[] _bytes = [];
    private long _first;

    public LogInMemory(TestSigner signer, string id)
    {
        _signer = signer;
        _id = id;
        Begin();
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    public int Length => _bytes.Length;

    public long Size => _tree.Size;

    public long SizeBeforeRoll => _first;

    public byte[] RootAt(long size) => _roots[(int)size];

    public void Event(int length) => Seal(Some.LongEvent(length));

    /// <summary>All lines so far are durable, the last segment is closed and the next one begun.</summary>
    public void Roll()
    {
        _closed.Add(new SegmentBytes(_first, (byte[])[0, .. _bytes]));
        _first = Size;
        _bytes = [];
        _durable.CopyFrom(_tree);
        Begin();
    }

    public void MarkDurable(long size)
    {
        if (size == Size)
            _durable.CopyFrom(_tree);
    }

    /// <summary>Appends a checkpoint over what is durable, as the writer does.</summary>
    public void SignDurable() => Seal(ControlPayload.Checkpoint(
        Some.Moment, Checkpoint.Sign($"security-audit/{_id}", _durable.Size, _durable.Root(), _signer)));

    public SegmentBytes[] SegmentsEndingWith(Memory<byte> framed) => [.. _closed, new SegmentBytes(_first, framed)];

    /// <summary>What a freed block may hold: earlier lines of this log, and lines of another log at any place.</summary>
    public byte[] OldBytes(int length, long acknowledged, Random random)
    {
        var bytes = new List<byte>();
        while (bytes.Count < length)
        {
            var isOwn = random.Next(2) == 0;
            var id = isOwn ? _id : "zzzzzzzz";
            var sequence = random.NextInt64(isOwn ? acknowledged : Size);
            bytes.AddRange(SealedLine(id, sequence, """{"event.action":"old"}"""u8, new byte[32]));
        }

        return [.. bytes[..length]];
    }

    private static byte[] SealedLine(string id, long sequence, ReadOnlySpan<byte> payload, byte[] leaf)
    {
        var framed = new byte[JournalLineFormat.MaxSealedLength(payload.Length)];
        var length = JournalLineFormat.Seal(framed, Some.Utf8(id), sequence, payload, leaf);
        return framed[1..(1 + length)];
    }

    private void Begin() => Seal(ControlPayload.Opened(Some.Moment, _tree, _signer.Key, "web-07", 4711));

    private void Seal(byte[] payload)
    {
        var leaf = new byte[32];
        _bytes = [.. _bytes, .. SealedLine(_id, Size, payload, leaf)];
        _tree.Append(leaf);
        _roots.Add(_tree.Root());
    }
}
