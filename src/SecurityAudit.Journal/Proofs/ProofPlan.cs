using System.Numerics;

namespace SecurityAudit.Journal;

/// <summary>
/// A proof is a list of roots of disjoint ranges of leaves. The plan says which; the leaves then pass once, in order, and memory stays
/// constant.
/// </summary>
internal sealed class ProofPlan
{
    private readonly List<(long From, long To, MerkleTree Tree)> _ranges = [];

    private ProofPlan()
    {
    }

    /// <summary>PATH(index, D[size]) of RFC 6962, section 2.1.1.</summary>
    public static ProofPlan Inclusion(long index, long size)
    {
        var plan = new ProofPlan();
        plan.Path(index, 0, size);
        return plan;
    }

    /// <summary>PROOF(old, D[new]) of RFC 6962, section 2.1.2.</summary>
    public static ProofPlan Consistency(long oldSize, long newSize)
    {
        var plan = new ProofPlan();
        if (oldSize < newSize)
        {
            plan.Subproof(oldSize, 0, newSize, isWhole: true);
        }

        return plan;
    }

    /// <summary>Takes a perfect subtree of 2^level leaves; the subtrees have to come in order.</summary>
    public void Add(long from, int level, ReadOnlySpan<byte> hash)
    {
        foreach (var range in _ranges)
        {
            if (range.From <= from && from + (1L << level) <= range.To)
            {
                range.Tree.AppendSubtree(hash, level);
            }
        }
    }

    /// <summary>The proof; null when some range did not get all its leaves, because they were pruned.</summary>
    public IReadOnlyList<byte[]>? Hashes() =>
        _ranges.TrueForAll(range => range.Tree.Size == range.To - range.From) ? [.. _ranges.Select(range => range.Tree.Root())] : null;

    private void Path(long index, long from, long to)
    {
        if (to - from == 1)
        {
            return;
        }

        var middle = from + Split(to - from);
        if (index < middle)
        {
            Path(index, from, middle);
            Need(middle, to);
        }
        else
        {
            Path(index, middle, to);
            Need(from, middle);
        }
    }

    private void Subproof(long old, long from, long to, bool isWhole)
    {
        if (old == to)
        {
            if (!isWhole)
            {
                Need(from, to);
            }

            return;
        }

        var middle = from + Split(to - from);
        if (old <= middle)
        {
            Subproof(old, from, middle, isWhole);
            Need(middle, to);
        }
        else
        {
            Subproof(old, middle, to, isWhole: false);
            Need(from, middle);
        }
    }

    private void Need(long from, long to) => _ranges.Add((from, to, new MerkleTree()));

    /// <summary>The largest power of two smaller than n.</summary>
    private static long Split(long n) => 1L << BitOperations.Log2((ulong)(n - 1));
}
