using System.Numerics;

namespace SecurityAudit.Journal;

/// <summary>
/// An RFC 6962 Merkle tree that only grows, kept as its frontier: the roots of the perfect subtrees it is made of, at most 64 hashes.
/// Not safe for several threads.
/// </summary>
public sealed class MerkleTree
{
    private readonly byte[] _frontier = new byte[64 * MerkleHash.Length];
    private int _count;

    /// <summary>How many leaves the tree has.</summary>
    public long Size { get; private set; }

    /// <summary>Restores a tree from the frontier that <see cref="Frontier"/> gave at this size.</summary>
    /// <exception cref="ArgumentException">The number or the length of the hashes does not fit the size.</exception>
    public static MerkleTree FromFrontier(long size, IReadOnlyList<byte[]> frontier)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentNullException.ThrowIfNull(frontier);
        var expected = BitOperations.PopCount((ulong)size);
        if (frontier.Count != expected)
        {
            throw new ArgumentException($"A tree of {size} leaves has {expected} frontier hashes, not {frontier.Count}.", nameof(frontier));
        }

        var tree = new MerkleTree { Size = size };
        foreach (var hash in frontier)
        {
            if (hash.Length != MerkleHash.Length)
            {
                throw new ArgumentException($"A hash has {MerkleHash.Length} bytes, not {hash.Length}.", nameof(frontier));
            }

            hash.CopyTo(tree.Slot(tree._count++));
        }

        return tree;
    }

    /// <summary>Appends one leaf by its leaf hash, SHA-256(0x00 ‖ entry). Allocates nothing.</summary>
    public void Append(ReadOnlySpan<byte> leafHash) => AppendSubtree(leafHash, level: 0);

    /// <summary>The root hash: SHA-256 of nothing for the empty tree.</summary>
    public byte[] Root()
    {
        var root = new byte[MerkleHash.Length];
        Root(root);
        return root;
    }

    /// <summary>Writes the root hash, 32 bytes, without allocating.</summary>
    public void Root(Span<byte> destination)
    {
        if (_count == 0)
        {
            MerkleHash.Empty(destination);
            return;
        }

        Slot(_count - 1).CopyTo(destination);
        for (var i = _count - 2; i >= 0; i--)
        {
            MerkleHash.Node(Slot(i), destination, destination);
        }
    }

    /// <summary>The roots of the perfect subtrees, the largest (leftmost) first: all that is needed to go on appending.</summary>
    public IReadOnlyList<byte[]> Frontier() => [.. Enumerable.Range(0, _count).Select(i => Slot(i).ToArray())];

    /// <summary>A tree of its own in the same state.</summary>
    public MerkleTree Clone()
    {
        var copy = new MerkleTree();
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>Takes the state of another tree without allocating.</summary>
    public void CopyFrom(MerkleTree other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other._frontier.AsSpan(0, other._count * MerkleHash.Length).CopyTo(_frontier);
        _count = other._count;
        Size = other.Size;
    }

    /// <summary>Appends 2^level leaves at once by the root of their perfect subtree; the size must be a multiple of 2^level.</summary>
    internal void AppendSubtree(ReadOnlySpan<byte> hash, int level)
    {
        if (hash.Length != MerkleHash.Length)
        {
            throw new ArgumentException($"A hash has {MerkleHash.Length} bytes, not {hash.Length}.", nameof(hash));
        }

        if ((Size & ((1L << level) - 1)) != 0)
        {
            throw new ArgumentException($"A subtree of level {level} cannot stand at leaf {Size}.", nameof(level));
        }

        hash.CopyTo(Slot(_count++));
        for (var rest = Size >> level; (rest & 1) == 1; rest >>= 1)
        {
            _count--;
            MerkleHash.Node(Slot(_count - 1), Slot(_count), Slot(_count - 1));
        }

        Size += 1L << level;
    }

    private Span<byte> Slot(int index) => _frontier.AsSpan(index * MerkleHash.Length, MerkleHash.Length);
}
