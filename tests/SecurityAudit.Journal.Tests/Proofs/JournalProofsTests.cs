namespace SecurityAudit.Journal.Tests.Proofs;

public sealed class JournalProofsTests : IDisposable
{
    private readonly JournalOnDisk _journal = new();
    private readonly string _firstSegment;

    public JournalProofsTests()
    {
        _firstSegment = _journal.Segment;
        _journal.AppendMany(15);
        _journal.Roll();
        _journal.AppendMany(10);
        _journal.AppendCheckpoint();
        _journal.AppendMany(2);
    }

    private JournalLog Log => JournalDirectory.Log(_journal.Directory);

    [Fact]
    public void EveryLineUnderTheCheckpointIsProvenByItsTextAlone()
    {
        var lines = Directory.GetFiles(_journal.Directory, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines).Select(Some.Utf8).ToArray();
        for (var i = 0; i < 27; i++)
        {
            Assert.True(TlogProof.TryParse(JournalProofs.Inclusion(Log, i).ToString(), out var proof));
            Assert.True(proof.Verify(lines[i], _journal.Signer.Key));
            Assert.Equal(lines[i], proof.Line.ToArray());
            Assert.False(proof.Verify(lines[i + 1], _journal.Signer.Key));
            Assert.False(proof.Verify(lines[i], Some.Signer().Key));
        }
    }

    [Fact]
    public void TheTextIsThatOfTheSpecification()
    {
        var proof = JournalProofs.Inclusion(Log, 3);
        var expected = $"c2sp.org/tlog-proof@v1\nextra {Convert.ToBase64String(proof.Line.Span)}\n"
            + $"index 3\n{string.Concat(proof.Hashes.Select(hash => Convert.ToBase64String(hash) + "\n"))}\n{proof.Checkpoint.Note}";
        Assert.Equal(expected, proof.ToString());
        Assert.True(TlogProof.TryParse((proof with { Line = default }).ToString(), out var bare));
        Assert.True(bare.Line.IsEmpty);
        string[] broken =
        [
            "", expected[1..], expected.Replace("index 3", "index 03", StringComparison.Ordinal), expected.Replace("index 3\n", "", StringComparison.Ordinal),
            expected.Replace("extra ", "extra =", StringComparison.Ordinal),
            expected.Replace("index 3\n", "index 3\nAAAA\n", StringComparison.Ordinal), expected[..^1],
        ];
        Assert.All(broken, text => Assert.False(TlogProof.TryParse(text, out _)));
    }

    [Fact]
    public void EveryTwoSizesAreConsistent()
    {
        for (var old = 1; old <= _journal.Size; old++)
        {
            var proof = JournalProofs.Consistency(Log, old, _journal.Size);
            Assert.True(MerkleProof.VerifyConsistency(old, _journal.Size, JournalProofs.RootAt(Log, old), _journal.Root, proof));
        }
    }

    [Fact]
    public void ThatTheLogOnlyGrewIsProvenByTextAlone()
    {
        var old = _journal.Signed;
        _journal.AppendMany(9);
        _journal.AppendCheckpoint();
        Assert.True(ConsistencyProof.TryParse(JournalProofs.Consistency(Log, old).ToString(), out var proof));
        Assert.True(proof.Verify(old, _journal.Signer.Key));
        Assert.False(proof.Verify(old, Some.Signer().Key));
        Assert.False(proof.Verify(Checkpoint.Sign(old.Origin, old.Size, new byte[32], _journal.Signer), _journal.Signer.Key));
        Assert.False(proof.Verify(Checkpoint.Sign("security-audit/a2a2a2a2", old.Size, old.Root.Span, _journal.Signer), _journal.Signer.Key));

        // The shape of c2sp.org/tlog-witness, section add-checkpoint.
        Assert.Equal($"old {old.Size}\n{string.Concat(proof.Hashes.Select(hash => Convert.ToBase64String(hash) + "\n"))}\n{proof.Checkpoint.Note}", proof.ToString());
    }

    [Fact]
    public void APrunedLogProvesWhatItsFrontierAllows()
    {
        // The first segment has exactly 16 lines, one perfect subtree: all proofs behind it need no more than its root.
        File.Delete(_firstSegment);
        var line = Some.Utf8(File.ReadAllLines(_journal.Segment)[4]);
        Assert.True(JournalProofs.Inclusion(Log, 20).Verify(line, _journal.Signer.Key));
        Assert.Equal(_journal.Root, JournalProofs.RootAt(Log, _journal.Size));
        Assert.Equal("Line 5 of log k3f5x2ab was pruned: the log begins with line 16.", Refusal(() => JournalProofs.Inclusion(Log, 5)));
        Assert.StartsWith(
            "The proof needs lines of log k3f5x2ab before line 16, which were pruned", Refusal(() => JournalProofs.Consistency(Log, 8, 20)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeProvenYetIsSaid()
    {
        Assert.Equal(
            "No checkpoint of log k3f5x2ab covers line 28: the newest covers 27 lines. Try again when the next was written.",
            Refusal(() => JournalProofs.Inclusion(Log, 28)));
        Assert.StartsWith("Log k3f5x2ab cannot be read beyond line 29; 99 lines are needed.", Refusal(() => JournalProofs.Consistency(Log, 8, 99)), StringComparison.Ordinal);
    }

    public void Dispose() => _journal.Dispose();

    private static string Refusal(Action draw) => Assert.Throws<JournalException>(draw).Message;
}
