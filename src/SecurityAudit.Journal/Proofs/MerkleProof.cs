namespace SecurityAudit.Journal;

/// <summary>Checks proofs as RFC 9162 does, sections 2.1.3.2 and 2.1.4.2; the proofs are those of RFC 6962.</summary>
public static class MerkleProof
{
    /// <summary>Is the leaf with this hash at this place of the tree of this size and root?</summary>
    public static bool VerifyInclusion(long index, long size, ReadOnlySpan<byte> leaf, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (index < 0 || index >= size || leaf.Length != MerkleHash.Length || proof.Any(hash => hash.Length != MerkleHash.Length))
        {
            return false;
        }

        var hash = leaf.ToArray();
        var (node, last) = (index, size - 1);
        foreach (var sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                MerkleHash.Node(sibling, hash, hash);
                while ((node & 1) == 0 && node != 0)
                {
                    (node, last) = (node >> 1, last >> 1);
                }
            }
            else
            {
                MerkleHash.Node(hash, sibling, hash);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Is the tree of the old size and root the beginning of the tree of the new size and root?</summary>
    public static bool VerifyConsistency(
        long oldSize, long newSize, ReadOnlySpan<byte> oldRoot, ReadOnlySpan<byte> newRoot, IReadOnlyList<byte[]> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (oldSize <= 0 || oldSize > newSize || proof.Any(hash => hash.Length != MerkleHash.Length))
        {
            return false;
        }

        if (oldSize == newSize)
        {
            return proof.Count == 0 && oldRoot.SequenceEqual(newRoot);
        }

        IEnumerable<byte[]> path = long.IsPow2(oldSize) ? proof.Prepend(oldRoot.ToArray()) : proof;
        var (node, last) = (oldSize - 1, newSize - 1);
        while ((node & 1) == 1)
        {
            (node, last) = (node >> 1, last >> 1);
        }

        byte[]? before = null, after = null;
        foreach (var hash in path)
        {
            if (before is null || after is null)
            {
                (before, after) = (hash.ToArray(), hash.ToArray());
                continue;
            }

            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                MerkleHash.Node(hash, before, before);
                MerkleHash.Node(hash, after, after);
                while ((node & 1) == 0 && node != 0)
                {
                    (node, last) = (node >> 1, last >> 1);
                }
            }
            else
            {
                MerkleHash.Node(after, hash, after);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && oldRoot.SequenceEqual(before) && newRoot.SequenceEqual(after);
    }
}
