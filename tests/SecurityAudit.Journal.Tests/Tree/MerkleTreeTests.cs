using System.Security.Cryptography;

namespace SecurityAudit.Journal.Tests.Tree;

public sealed class MerkleTreeTests
{
    [Fact]
    public void TheRootsAreThoseOfTheReferenceVectors()
    {
        var tree = new MerkleTree();
        Assert.Equal(Rfc6962.Roots[0], Convert.ToHexStringLower(tree.Root()));
        for (var i = 0; i < Rfc6962.Entries.Length; i++)
        {
            tree.Append(Rfc6962.Leaf(i));
            Assert.Equal(Rfc6962.Roots[i + 1], Convert.ToHexStringLower(tree.Root()));
        }
    }

    [Fact]
    public void EverySizeHasTheRootThatTheRfcDefinesByRecursion()
    {
        var leaves = Enumerable.Range(0, 200).Select(Some.Hash).ToArray();
        var tree = new MerkleTree();
        for (var n = 1; n <= leaves.Length; n++)
        {
            tree.Append(leaves[n - 1]);
            Assert.Equal(ByDefinition(leaves.AsSpan(0, n)), tree.Root());
        }
    }

    [Fact]
    public void ATreeGoesOnFromItsFrontierAtEverySize()
    {
        for (var split = 0; split <= 70; split++)
        {
            var whole = new MerkleTree();
            for (var i = 0; i < split; i++)
            {
                whole.Append(Some.Hash(i));
            }

            var resumed = MerkleTree.FromFrontier(split, whole.Frontier());
            for (var i = split; i < 75; i++)
            {
                whole.Append(Some.Hash(i));
                resumed.Append(Some.Hash(i));
            }

            Assert.Equal(whole.Size, resumed.Size);
            Assert.Equal(whole.Root(), resumed.Root());
        }
    }

    [Fact]
    public void AFrontierThatDoesNotFitTheSizeIsRefused()
    {
        Assert.Throws<ArgumentException>(() => MerkleTree.FromFrontier(5, [Some.Hash(1)]));
        Assert.Throws<ArgumentException>(() => MerkleTree.FromFrontier(4, [new byte[31]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.FromFrontier(-1, []));
    }

    [Fact]
    public void WholeSubtreesMakeTheSameTreeAsTheirLeaves()
    {
        var leaves = new MerkleTree();
        var subtrees = new MerkleTree();
        for (var block = 0; block < 5; block++)
        {
            var subtree = new MerkleTree();
            for (var i = 0; i < 8; i++)
            {
                leaves.Append(Some.Hash((block * 8) + i));
                subtree.Append(Some.Hash((block * 8) + i));
            }

            subtrees.AppendSubtree(subtree.Root(), level: 3);
        }

        Assert.Equal(leaves.Root(), subtrees.Root());
        subtrees.Append(Some.Hash(0));
        Assert.Throws<ArgumentException>(() => subtrees.AppendSubtree(Some.Hash(0), level: 3));
    }

    [Fact]
    public void AppendingAllocatesNothing()
    {
        var tree = new MerkleTree();
        var leaf = Some.Hash(1);
        var root = new byte[32];
        Append(10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Append(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Append(int times)
        {
            for (var i = 0; i < times; i++)
            {
                tree.Append(leaf);
                tree.Root(root);
            }
        }
    }

    private static byte[] ByDefinition(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 1)
        {
            return leaves[0];
        }

        var k = 1;
        while (k * 2 < leaves.Length)
        {
            k *= 2;
        }

        return SHA256.HashData([0x01, .. ByDefinition(leaves[..k]), .. ByDefinition(leaves[k..])]);
    }
}
