using SecurityAudit.Journal.Tests.Tree;

namespace SecurityAudit.Journal.Tests.Proofs;

public sealed class MerkleProofTests
{
    private const string N01 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
    private const string N23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
    private const string N4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
    private const string N45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
    private const string N67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
    private const string N03 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
    private const string N47 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
    private const string N0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
    private const string N1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";

    /// <summary>The vectors of the Certificate Transparency project.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 8, N1, N23, N47)]
    [InlineData(5, 8, N4, N67, N03)]
    [InlineData(2, 3, N01)]
    [InlineData(1, 5, N0, N23, N4)]
    public void InclusionProofsAreThoseOfTheReferenceVectors(long index, long size, params string[] proof) =>
        Assert.Equal(proof, Draw(ProofPlan.Inclusion(index, size), Rfc6962.Leaves((int)size)).Select(Convert.ToHexStringLower));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 8, N1, N23, N47)]
    [InlineData(6, 8, N45, N67, N03)]
    [InlineData(2, 5, N23, N4)]
    public void ConsistencyProofsAreThoseOfTheReferenceVectors(long old, long size, params string[] proof) =>
        Assert.Equal(proof, Draw(ProofPlan.Consistency(old, size), Rfc6962.Leaves((int)size)).Select(Convert.ToHexStringLower));

    [Fact]
    public void EveryProofUpTo40LeavesVerifiesAndNoAlteredOneDoes()
    {
        var leaves = Enumerable.Range(0, 40).Select(Some.Hash).ToArray();
        var roots = Roots(leaves);
        for (var size = 1; size <= leaves.Length; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = Draw(ProofPlan.Inclusion(index, size), leaves[..size]);
                Assert.True(MerkleProof.VerifyInclusion(index, size, leaves[index], proof, roots[size]));
                Assert.False(MerkleProof.VerifyInclusion(index, size, Some.Hash(-1), proof, roots[size]));
                Assert.False(MerkleProof.VerifyInclusion(size, size, leaves[index], proof, roots[size]));
                Assert.False(MerkleProof.VerifyInclusion(index, size, leaves[index], [.. proof, Some.Hash(0)], roots[size]));
                for (var i = 0; i < proof.Count; i++)
                {
                    Assert.False(MerkleProof.VerifyInclusion(index, size, leaves[index], Altered(proof, i), roots[size]));
                    Assert.False(MerkleProof.VerifyInclusion(index, size, leaves[index], [.. proof.Where((_, j) => j != i)], roots[size]));
                }
            }

            for (var old = 1; old <= size; old++)
            {
                var proof = Draw(ProofPlan.Consistency(old, size), leaves[..size]);
                Assert.True(MerkleProof.VerifyConsistency(old, size, roots[old], roots[size], proof));
                Assert.False(MerkleProof.VerifyConsistency(old, size, Some.Hash(-1), roots[size], proof));
                Assert.False(MerkleProof.VerifyConsistency(old, size, roots[old], Some.Hash(-1), proof));
                Assert.False(MerkleProof.VerifyConsistency(old, size, roots[old], roots[size], [.. proof, Some.Hash(0)]));
                for (var i = 0; i < proof.Count; i++)
                {
                    Assert.False(MerkleProof.VerifyConsistency(old, size, roots[old], roots[size], Altered(proof, i)));
                }
            }
        }
    }

    private static byte[][] Altered(IReadOnlyList<byte[]> proof, int at) => [.. proof.Select((hash, i) => i == at ? Some.Hash(-2) : hash)];

    private static byte[][] Roots(byte[][] leaves)
    {
        var tree = new MerkleTree();
        return [tree.Root(), .. leaves.Select(leaf =>
        {
            tree.Append(leaf);
            return tree.Root();
        })];
    }

    private static IReadOnlyList<byte[]> Draw(ProofPlan plan, byte[][] leaves)
    {
        for (var i = 0; i < leaves.Length; i++)
        {
            plan.Add(i, 0, leaves[i]);
        }

        return plan.Hashes()!;
    }
}
