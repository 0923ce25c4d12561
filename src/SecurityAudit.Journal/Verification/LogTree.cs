namespace SecurityAudit.Journal;

/// <summary>
/// The Merkle tree of the lines verified so far, and its roots at earlier sizes: a checkpoint covers lines that stand somewhat before it.
/// </summary>
internal sealed class LogTree(IReadOnlyList<JournalSegment> segments)
{
    private readonly MerkleTree _tree = new();
    private readonly List<LineBlock> _recent = [];

    public long Size => _tree.Size;

    /// <summary>Is the tree that of the log? Missing lines make it unknown until a segment declares its frontier.</summary>
    public bool IsKnown { get; private set; } = true;

    public byte[] Root() => _tree.Root();

    /// <summary>Takes a declared frontier for true; what it is worth, the next checkpoint tells.</summary>
    public void Adopt(MerkleTree declared)
    {
        _tree.CopyFrom(declared);
        _recent.Clear();
        IsKnown = true;
    }

    public void Lose()
    {
        _recent.Clear();
        IsKnown = false;
    }

    public void Append(ReadOnlySpan<byte> leaf)
    {
        _recent.Clear();
        if (IsKnown)
        {
            _tree.Append(leaf);
        }
    }

    /// <summary>Begins a block whose lines follow.</summary>
    public void Begin(LineBlock block)
    {
        block.Before.CopyFrom(_tree);
        if (_recent.Count == BlockPipeline.Kept)
        {
            _recent.RemoveAt(0);
        }

        _recent.Add(block);
    }

    public void Append(LineBlock block, int from, int to) => block.AppendTo(_tree, from, to);

    /// <summary>The root when the log had this many lines; null when it cannot be known any more.</summary>
    public byte[]? RootAt(long size)
    {
        if (!IsKnown || size > _tree.Size)
        {
            return null;
        }

        if (size == _tree.Size)
        {
            return _tree.Root();
        }

        var block = _recent.FindLast(b => b.First <= size);
        if (block is null)
        {
            return Reread(size);
        }

        var tree = block.Before.Clone();
        block.AppendTo(tree, 0, (int)(size - block.First));
        return tree.Root();
    }

    /// <summary>
    /// From the frontier of the segment that holds the line, with the hashes that the lines carry: they were verified before.
    /// </summary>
    private byte[]? Reread(long size)
    {
        var segment = segments.LastOrDefault(s => s.First <= size && SegmentOpening.Read(s)?.Before is not null);
        if (segment is null)
        {
            return null;
        }

        var tree = SegmentOpening.Read(segment)!.Before!;
        using var lines = new SegmentLines(segment, 0);
        Span<byte> leaf = stackalloc byte[MerkleHash.Length];
        while (tree.Size < size)
        {
            if (!lines.TryNext(out var framed)
                || !JournalLineFormat.TryParse(framed.Span[1..], out _, out var sequence, out _)
                || sequence != tree.Size
                || !JournalLineFormat.TryReadHash(framed.Span, leaf))
            {
                return null;
            }

            tree.Append(leaf);
        }

        return tree.Root();
    }
}
