using System.Text;

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
    private readonly List<MerkleTree> _trees = [new()];
    private readonly HashSet<string> _lines = [];
    private readonly HashSet<string> _old = [];
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

    public MerkleTree TreeAt(long size) => _trees[(int)size].Clone();

    /// <summary>How many of the first lines of the log stand in the last segment.</summary>
    public int LinesInSegment(long size) => (int)Math.Max(0, size - _first);

    public bool Contains(string line) => _lines.Contains(line);

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
        {
            _durable.CopyFrom(_tree);
        }
    }

    /// <summary>Appends a checkpoint over what is durable, as the writer does.</summary>
    public void SignDurable() => Seal(ControlPayload.Checkpoint(
        Some.Moment, Checkpoint.Sign($"security-audit/{_id}", _durable.Size, _durable.Root(), _signer)));

    public SegmentBytes[] SegmentsEndingWith(Memory<byte> framed) => [.. _closed, new SegmentBytes(_first, framed)];

    /// <summary>What a freed block may hold: lines of this log and of another one at any place.</summary>
    public byte[] OldBytes(int length, Random random)
    {
        var bytes = new List<byte>();
        while (bytes.Count < length)
        {
            var id = random.Next(2) == 0 ? _id : "zzzzzzzz";
            bytes.AddRange(Old(SealedLine(id, random.NextInt64(Size + 3), """{"event.action":"old"}"""u8, new byte[32])));
        }

        return [.. bytes[..length]];
    }

    /// <summary>
    /// What a block holds when the batch was tried once before, in the same place: a crash took the first try before anybody was told of
    /// it, its sequence numbers were given out anew. Each line that is an event is another one, of the same length.
    /// </summary>
    public byte[] EarlierAttempt(int before, int length)
    {
        var bytes = _bytes[..before].ToList();
        foreach (var line in Encoding.UTF8.GetString(_bytes.AsSpan(before)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var utf8 = Some.Utf8(line);
            Assert.True(JournalLineFormat.TryParse(utf8, out _, out var sequence, out var payloadStart));
            var payload = Some.Utf8("{" + line[(payloadStart + 1)..^JournalLineFormat.TrailerLength].Replace('x', 'y') + "}");
            bytes.AddRange(ControlLine.IsOne(utf8, payloadStart) ? [.. utf8, (byte)'\n'] : Old(SealedLine(_id, sequence, payload, new byte[32])));
        }

        bytes.AddRange(new byte[Math.Max(0, length - bytes.Count)]);
        return [.. bytes[..length]];
    }

    /// <summary>Did this log write this line once, though an earlier crash took it?</summary>
    public bool WasWrittenOnce(string line) => _old.Contains(line);

    private byte[] Old(byte[] line)
    {
        _old.Add(Encoding.UTF8.GetString(line.AsSpan(..^1)));
        return line;
    }

    private static byte[] SealedLine(string id, long sequence, ReadOnlySpan<byte> payload, byte[] leaf)
    {
        var framed = new byte[JournalLineFormat.MaxSealedLength(payload.Length)];
        var length = JournalLineFormat.Seal(framed, Some.Utf8(id), sequence, payload, leaf);
        return framed[1..(1 + length)];
    }

    private void Begin() => Seal(ControlPayload.Opened(Some.Moment, _tree, _signer.Key, Some.Address, 4711, TimeSpan.FromSeconds(1)));

    private void Seal(byte[] payload)
    {
        var leaf = new byte[32];
        var line = SealedLine(_id, Size, payload, leaf);
        _bytes = [.. _bytes, .. line];
        _lines.Add(Encoding.UTF8.GetString(line.AsSpan(..^1)));
        _tree.Append(leaf);
        _trees.Add(_tree.Clone());
        _roots.Add(_tree.Root());
    }
}
