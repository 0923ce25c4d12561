namespace SecurityAudit.Journal.Tests.Verification;

/// <summary>What somebody does who can write whole journals, and what a pinned key and an anchor make of it.</summary>
public sealed class KeyAndAnchorTests : IDisposable
{
    private readonly JournalOnDisk _journal = new();
    private readonly Checkpoint _anchor;

    public KeyAndAnchorTests()
    {
        _journal.AppendMany(5);
        _anchor = _journal.AppendCheckpoint();
        _journal.AppendMany(5);
        _journal.AppendCheckpoint();
    }

    [Fact]
    public void AJournalMadeAnewWithAnotherKeyIsCaughtByThePinnedKeyAndByTheAnchor()
    {
        using var forged = Forge(Some.Signer());
        Assert.True(Verify(forged.Directory).HasNoFindings());
        Assert.Equal(FindingKind.UntrustedSignature, Assert.Single(Verify(forged.Directory, key: true).Findings).Kind);
        Assert.Equal(FindingKind.WrongRoot, Assert.Single(Verify(forged.Directory, anchor: true).Findings).Kind);
    }

    [Fact]
    public void AJournalMadeAnewByTheOwnerOfTheKeyIsCaughtByTheAnchorAlone()
    {
        using var forged = Forge(_journal.Signer);
        Assert.True(Verify(forged.Directory, key: true).HasNoFindings());
        var finding = Assert.Single(Verify(forged.Directory, key: true, anchor: true).Findings);
        Assert.Equal((FindingKind.WrongRoot, 0L), (finding.Kind, finding.Sequence));
    }

    [Fact]
    public void AJournalOfAnotherLogIsCaughtByTheAnchorAlone()
    {
        using var other = new JournalOnDisk("bbbbbbbb", signer: _journal.Signer);
        other.AppendMany(20);
        other.AppendCheckpoint();
        Assert.True(Verify(other.Directory, key: true).HasNoFindings());
        var finding = Assert.Single(Verify(other.Directory, key: true, anchor: true).Findings);
        Assert.Equal(FindingKind.RolledBack, finding.Kind);
        Assert.Contains("has no log k3f5x2ab", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARemovedJournalIsCaughtByTheAnchor()
    {
        File.Delete(_journal.Segment);
        Assert.Equal(FindingKind.RolledBack, Assert.Single(Verify(_journal.Directory, anchor: true).Findings).Kind);
    }

    [Fact]
    public void AJournalWithoutCheckpointsProvesNothingToWhoeverGivesAKey()
    {
        using var stripped = new JournalOnDisk(signer: _journal.Signer);
        stripped.AppendMany(10);
        Assert.Equal(0, Verify(stripped.Directory).Logs[0].ProvenSize);
        Assert.Equal(FindingKind.NothingSigned, Assert.Single(Verify(stripped.Directory, key: true).Findings).Kind);
    }

    [Fact]
    public void AnAnchorThatTheLogHasOutgrownIsContent()
    {
        var report = Verify(_journal.Directory, key: true, anchor: true);
        Assert.True(report.HasNoFindings());
        Assert.True(report.Logs[0].IsKeyPinned);
    }

    [Fact]
    public void ACheckpointThatCoversMoreLinesThanStandBeforeItIsAFault()
    {
        _journal.AppendCheckpoint(Checkpoint.Sign(_journal.Origin, _journal.Size + 1, Some.Hash(1), _journal.Signer));
        Assert.Equal(FindingKind.RolledBack, Assert.Single(Verify(_journal.Directory).Findings).Kind);
    }

    [Fact]
    public void ACheckpointOfAnotherLogIsAFault()
    {
        _journal.AppendCheckpoint(Checkpoint.Sign("security-audit/bbbbbbbb", 3, Some.Hash(1), _journal.Signer));
        Assert.Equal(FindingKind.UnreadableControlLine, Assert.Single(Verify(_journal.Directory).Findings).Kind);
    }

    [Fact]
    public void AKeyChangeWithoutTheWordOfTheOldKeyIsAFaultUnlessBothKeysAreGiven()
    {
        var old = _journal.Signer;
        _journal.Signer = Some.Signer();
        _journal.Roll();
        _journal.Append(ControlPayload.KeyChanged(Some.Moment, _journal.Signer.Key, endorsement: null));
        _journal.AppendCheckpoint();

        var finding = Assert.Single(JournalVerifier.Verify(_journal.Directory, new VerifyOptions { Keys = [old.Key] }).Findings);
        Assert.Equal(FindingKind.UntrustedKeyChange, finding.Kind);
        Assert.Equal(FindingKind.UntrustedKeyChange, Assert.Single(Verify(_journal.Directory).Findings).Kind);
        Assert.True(JournalVerifier.Verify(_journal.Directory, new VerifyOptions { Keys = [old.Key, _journal.Signer.Key] }).HasNoFindings());
    }

    [Fact]
    public void AnEndorsementByAStrangerIsNoWordOfTheOldKey()
    {
        _journal.Signer = Some.Signer();
        _journal.Append(ControlPayload.KeyChanged(Some.Moment, _journal.Signer.Key, KeyEndorsement.Sign(_journal.Origin, _journal.Signer.Key, _journal.Signer)));
        _journal.AppendCheckpoint();
        Assert.Equal(FindingKind.UntrustedKeyChange, Assert.Single(Verify(_journal.Directory).Findings).Kind);
    }

    [Fact]
    public void TheOldKeyMayNotSignBehindAKeyChange()
    {
        var old = _journal.Signer;
        var next = Some.Signer();
        _journal.Append(ControlPayload.KeyChanged(Some.Moment, next.Key, KeyEndorsement.Sign(_journal.Origin, next.Key, old)));
        _journal.AppendCheckpoint();
        Assert.Equal(FindingKind.UntrustedSignature, Assert.Single(Verify(_journal.Directory, key: true).Findings).Kind);
    }

    [Fact]
    public void ACopyOfALogBesideItIsAFault()
    {
        var slot = Directory.CreateDirectory(Path.Combine(_journal.Directory, "slot-1")).FullName;
        File.Copy(_journal.Segment, Path.Combine(slot, Path.GetFileName(_journal.Segment)));
        var finding = Assert.Single(Verify(_journal.Directory).Findings);
        Assert.Equal((FindingKind.DuplicateLog, slot), (finding.Kind, finding.Segment));
    }

    [Fact]
    public void TheWritersOwnMarkIsRepeated()
    {
        File.WriteAllText(Path.Combine(_journal.Directory, "damaged"), "rolled back behind its anchor\n");
        var finding = Assert.Single(Verify(_journal.Directory).Findings);
        Assert.Equal(FindingKind.MarkedDamaged, finding.Kind);
        Assert.EndsWith("went on in another: rolled back behind its anchor", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreRemovedThanThePrunedLineSaysIsAFault()
    {
        var first = _journal.Segment;
        _journal.Roll();
        _journal.AppendMany(3);
        var second = _journal.Segment;
        _journal.Roll();
        _journal.Append(ControlPayload.Pruned(Some.Moment, 0, JournalSegment.At(second)!.First, _journal.Signed));
        _journal.AppendCheckpoint();
        File.Delete(first);
        Assert.True(Verify(_journal.Directory).HasNoFindings());
        File.Delete(second);
        var finding = Assert.Single(Verify(_journal.Directory).Findings);
        Assert.Equal((FindingKind.MissingLines, JournalSegment.At(second)!.First), (finding.Kind, finding.Sequence));
    }

    [Fact]
    public void ARepeatedLineThatDiffersFromThePoisonedSegmentIsAFault()
    {
        var state = _journal.State();
        var shown = _journal.Seal(Some.Utf8("""{"user.name":"eve"}"""));
        File.AppendAllBytes(_journal.Segment, shown);
        _journal.ContinueFrom(state);
        File.WriteAllBytes(Path.Combine(_journal.Directory, JournalSegment.NameOf(state.Size)), _journal.Seal(Some.Utf8("""{"user.name":"ada"}""")));
        var finding = Assert.Single(Verify(_journal.Directory).Findings);
        Assert.Equal((FindingKind.OverlapDiffers, state.Size), (finding.Kind, finding.Sequence));
    }

    public void Dispose() => _journal.Dispose();

    private static JournalOnDisk Forge(TestSigner signer)
    {
        var forged = new JournalOnDisk(signer: signer);
        for (var i = 0; i < 12; i++)
        {
            forged.Append("""{"event.action":"nothing happened"}""");
        }

        forged.AppendCheckpoint();
        return forged;
    }

    private VerificationReport Verify(string directory, bool key = false, bool anchor = false) => JournalVerifier.Verify(
        directory, new VerifyOptions { Keys = key ? [_journal.Signer.Key] : [], AtLeastAsNewAs = anchor ? [_anchor] : [] });
}
