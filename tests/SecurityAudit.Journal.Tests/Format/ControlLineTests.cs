namespace SecurityAudit.Journal.Tests.Format;

public sealed class ControlLineTests
{
    [Fact]
    public void AnOpenedLineBringsItsTreeBack()
    {
        var tree = new MerkleTree();
        for (var i = 0; i < 13; i++)
        {
            tree.Append(Some.Hash(i));
        }

        var key = Some.Signer().Key;

        var control = Read(ControlPayload.Opened(Some.Moment, tree, key, Some.Address, 4711, TimeSpan.FromSeconds(1)));

        Assert.Equal("journal.opened", control.Action);
        Assert.Equal(1, control.Format);
        Assert.Equal(tree.Root(), control.Root);
        Assert.Equal(tree.Root(), MerkleTree.FromFrontier(control.Size!.Value, control.Frontier!).Root());
        Assert.Equal(key, VerifierKey.Parse(control.VerifierKey!));
    }

    [Fact]
    public void ACheckpointComesBackByteForByte()
    {
        var checkpoint = Checkpoint.Sign(Some.Origin, 7, Some.Hash(7), Some.Signer());
        Assert.Equal(checkpoint.Note, Read(ControlPayload.Checkpoint(Some.Moment, checkpoint)).Checkpoint);
    }

    [Fact]
    public void EveryControlPayloadIsReservedAndNoOtherIs()
    {
        byte[][] control =
        [
            ControlPayload.Closed(Some.Moment),
            ControlPayload.Gap(Some.Moment, 3, Some.Moment, Some.Moment, "disk full"),
            ControlPayload.Recovered(Some.Moment, 17, 0, 0, "torn tail"),
            ControlPayload.Pruned(Some.Moment, 0, 100, anchored: null),
            ControlPayload.KeyChanged(Some.Moment, Some.Signer().Key, endorsement: null),
        ];
        Assert.All(control, payload =>
        {
            Assert.True(ControlLine.IsReserved(payload));
            Assert.NotNull(Read(payload));
        });
        Assert.False(ControlLine.IsReserved("""{"event.action":"authn_login_success"}"""u8));
        Assert.False(ControlLine.IsReserved("{"u8));
    }

    [Theory]
    [InlineData("""{"event.action":"journal.opened","security_audit.journal.size":"7"}""")]
    [InlineData("""{"event.action":"journal.opened","security_audit.journal.size":7.5}""")]
    [InlineData("""{"event.action":"journal.opened","security_audit.journal.frontier":7}""")]
    [InlineData("""{"event.action":"journal.opened","security_audit.journal.frontier":["!"]}""")]
    [InlineData("""{"event.action":"journal.opened","security_audit.journal.root":true}""")]
    [InlineData("""{"event.action":"journal.opened" """)]
    [InlineData("""{"event.action":"journal.opened"}}""")]
    [InlineData("""[]""")]
    public void AControlLineOfAnotherShapeIsNotRead(string line) => Assert.False(ControlLine.TryParse(Some.Utf8(line), out _));

    private static ControlLine Read(byte[] payload)
    {
        var framed = new byte[JournalLineFormat.MaxSealedLength(payload.Length)];
        var line = framed.AsSpan(1, JournalLineFormat.Seal(framed, Some.Id, 3, payload, new byte[32]) - 1);
        Assert.True(JournalLineFormat.TryParse(line, out _, out _, out var payloadStart));
        Assert.True(ControlLine.IsOne(line, payloadStart));
        Assert.True(ControlLine.TryParse(line, out var control));
        return control!;
    }
}
