namespace SecurityAudit.Journal;

/// <summary>Leaf hashes one behind the other: one array instead of one per line.</summary>
internal sealed class LeafList
{
    private byte[] _hashes = new byte[64 * MerkleHash.Length];

    /// <summary>How many; may be lowered to forget the last ones.</summary>
    public int Count { get; set; }

    public ReadOnlySpan<byte> this[int index] => _hashes.AsSpan(index * MerkleHash.Length, MerkleHash.Length);

    public void Add(ReadOnlySpan<byte> leaf)
    {
        if ((Count + 1) * MerkleHash.Length > _hashes.Length)
        {
            Array.Resize(ref _hashes, _hashes.Length * 2);
        }

        leaf.CopyTo(_hashes.AsSpan(Count++ * MerkleHash.Length));
    }
}
