namespace SecurityAudit.Journal;

/// <summary>
/// A piece of a segment that ends with a line's end, and the leaf hashes of its lines: what one thread works on. Blocks are used again, so
/// that the memory of a verification does not depend on the size of the journal.
/// </summary>
internal sealed class LineBlock(int capacity)
{
    private const int Room = 1;
    private const int GroupLevel = 6;
    private const int GroupSize = 1 << GroupLevel;

    private readonly byte[] _bytes = new byte[Room + capacity];
    private byte[] _leaves = new byte[1024 * MerkleHash.Length];
    private byte[] _groups = [];
    private int _firstGroup;
    private int _length;

    /// <summary>Where the block begins in its segment.</summary>
    public long Offset { get; private set; }

    public int Length => _length;

    /// <summary>
    /// Are all lines whole, of the expected journal, in sequence and as their hashes say? Otherwise they have to be looked at one by one.
    /// </summary>
    public bool IsSound { get; private set; }

    /// <summary>The sequence number of the first line, if the block is sound.</summary>
    public long First { get; private set; }

    public int Count { get; private set; }

    /// <summary>The tree before this block's lines.</summary>
    public MerkleTree Before { get; } = new();

    /// <summary>The control lines, by their place among the lines: index, and offset and length within the block.</summary>
    public IReadOnlyList<(int Index, int Start, int Length)> Controls { get; private set; } = [];

    /// <summary>The bytes behind one byte of room.</summary>
    public Memory<byte> Framed => _bytes.AsMemory(0, Room + _length);

    /// <summary>
    /// Takes the carry of the block before and reads on. What follows the last newline is the next carry; a block that is full without a
    /// newline is a piece of something that is not a line. False at the end of the file.
    /// </summary>
    public bool Fill(Microsoft.Win32.SafeHandles.SafeFileHandle file, long offset, ref ReadOnlyMemory<byte> carry)
    {
        Offset = offset;
        carry.Span.CopyTo(_bytes.AsSpan(Room));
        var end = Room + carry.Length;
        while (end < _bytes.Length)
        {
            var read = RandomAccess.Read(file, _bytes.AsSpan(end), offset + end - Room);
            if (read == 0)
            {
                break;
            }

            end += read;
        }

        var newline = _bytes.AsSpan(Room, end - Room).LastIndexOf((byte)'\n');
        _length = newline >= 0 ? newline + 1 : end == _bytes.Length ? end - Room : 0;
        carry = _bytes.AsSpan(Room + _length, end - Room - _length).ToArray();
        return _length > 0;
    }

    /// <summary>Hashes the lines as far as they are those of the journal.</summary>
    public void Hash(ReadOnlySpan<byte> id)
    {
        IsSound = false;
        Count = 0;
        First = 0;
        var controls = new List<(int, int, int)>();
        var bytes = _bytes.AsSpan(0, Room + _length);
        for (var start = Room; start < bytes.Length;)
        {
            var length = bytes[start..].IndexOf((byte)'\n');
            if (length is < 0 or > JournalLineFormat.MaxLineLength)
            {
                return;
            }

            var framed = bytes.Slice(start - Room, Room + length);
            if (!JournalLineFormat.TryParse(framed[Room..], out var found, out var sequence, out var payloadStart) || !found.SequenceEqual(id))
            {
                return;
            }

            if (Count == 0)
            {
                First = sequence;
            }

            if (sequence != First + Count || !JournalLineFormat.HashEntry(framed, NextLeaf()))
            {
                return;
            }

            if (ControlLine.IsOne(framed[Room..], payloadStart))
            {
                controls.Add((Count, start - Room, length));
            }

            Count++;
            start += length + 1;
        }

        Controls = controls;
        HashGroups();
        IsSound = true;
    }

    /// <summary>Appends the leaves of the lines from one index up to, without, another.</summary>
    public void AppendTo(MerkleTree tree, int from, int to)
    {
        for (var i = from; i < to;)
        {
            var group = (i - _firstGroup) / GroupSize;
            if (i >= _firstGroup && (i - _firstGroup) % GroupSize == 0 && i + GroupSize <= to)
            {
                tree.AppendSubtree(Hash(_groups, group), GroupLevel);
                i += GroupSize;
            }
            else
            {
                tree.Append(Hash(_leaves, i));
                i++;
            }
        }
    }

    /// <summary>
    /// The roots of the perfect subtrees of 64 leaves, so that the one thread that joins the blocks has little left to hash.
    /// </summary>
    private void HashGroups()
    {
        _firstGroup = (int)((GroupSize - (First & (GroupSize - 1))) & (GroupSize - 1));
        var groups = Math.Max(0, (Count - _firstGroup) / GroupSize);
        if (_groups.Length < groups * MerkleHash.Length)
        {
            _groups = new byte[groups * MerkleHash.Length];
        }

        Span<byte> nodes = stackalloc byte[GroupSize * MerkleHash.Length];
        for (var group = 0; group < groups; group++)
        {
            _leaves.AsSpan((_firstGroup + (group * GroupSize)) * MerkleHash.Length, nodes.Length).CopyTo(nodes);
            for (var width = GroupSize / 2; width > 0; width /= 2)
            {
                for (var i = 0; i < width; i++)
                {
                    MerkleHash.Node(Hash(nodes, 2 * i), Hash(nodes, (2 * i) + 1), nodes.Slice(i * MerkleHash.Length, MerkleHash.Length));
                }
            }

            nodes[..MerkleHash.Length].CopyTo(_groups.AsSpan(group * MerkleHash.Length));
        }
    }

    private Span<byte> NextLeaf()
    {
        if (_leaves.Length < (Count + 1) * MerkleHash.Length)
        {
            Array.Resize(ref _leaves, 2 * _leaves.Length);
        }

        return _leaves.AsSpan(Count * MerkleHash.Length, MerkleHash.Length);
    }

    private static ReadOnlySpan<byte> Hash(ReadOnlySpan<byte> hashes, int index) => hashes.Slice(index * MerkleHash.Length, MerkleHash.Length);
}
