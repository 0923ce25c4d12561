using System.Security.Cryptography;

namespace SecurityAudit.Journal;

/// <summary>The two hashes of RFC 6962, section 2.1: leaf and inner node are told apart by their first byte.</summary>
internal static class MerkleHash
{
    public const int Length = SHA256.HashSizeInBytes;

    public const byte LeafPrefix = 0x00;

    private const byte NodePrefix = 0x01;

    /// <summary>SHA-256(0x01 ‖ left ‖ right). <paramref name="destination"/> may be one of the two children.</summary>
    public static void Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> destination)
    {
        Span<byte> node = stackalloc byte[1 + (2 * Length)];
        node[0] = NodePrefix;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + Length)..]);
        SHA256.HashData(node, destination);
    }

    /// <summary>SHA-256(0x00 ‖ entry), where the caller left one byte of room before the entry.</summary>
    public static void Leaf(Span<byte> roomAndEntry, Span<byte> destination)
    {
        roomAndEntry[0] = LeafPrefix;
        SHA256.HashData(roomAndEntry, destination);
    }

    /// <summary>The root of the tree without leaves.</summary>
    public static void Empty(Span<byte> destination) => SHA256.HashData([], destination);
}
