namespace SecurityAudit.Journal.Tests.Verification;

/// <summary>The table of verdicts on the auditor's page: who holds what, does what, and what <c>verify</c> says.</summary>
public sealed class VerdictTests : IDisposable
{
    private readonly JournalFolder _folder = new();
    private readonly TestSigner _signer = new();
    private readonly DirectoryInfo _crashed = Directory.CreateTempSubdirectory("journal-");

    [Fact]
    public async Task AJournalThatWasClosedInOrderIsSoundToWhoeverGivesTheKey()
    {
        await WriteAsync(5);
        var report = Verify(_folder.Path);
        Assert.Equal(JournalVerdict.Sound, report.Verdict);
        Assert.Empty(report.Logs[0].Unproven);
    }

    [Fact]
    public async Task WithoutAKeyNothingIsProvenAndTheVerdictIsConsistent()
    {
        await WriteAsync(5);
        Assert.Equal(JournalVerdict.Consistent, JournalVerifier.Verify(_folder.Path).Verdict);
    }

    [Fact]
    public async Task AJournalThatIsBeingWrittenIsProvenInPart()
    {
        await using var writer = Open(o => o.CheckpointInterval = TimeSpan.FromMinutes(10));
        await writer.FlushAsync(writer.Append(Some.Event()));
        await writer.WaitForDurableAsync(2);

        var report = Verify(_folder.Path);

        Assert.Equal(JournalVerdict.PartlyProven, report.Verdict);
        Assert.False(Assert.Single(report.Logs[0].Unproven).WereAdopted);
    }

    [Fact]
    public async Task LinesAppendedToAJournalThatWasClosedInOrderAreNotSound()
    {
        await WriteAsync(5);
        var end = JournalVerifier.Verify(_folder.Path).Logs[0].Size;

        Forger.Append(_folder.Path, Forger.RoleGiven(Some.Moment));

        var finding = Assert.Single(Verify(_folder.Path).Findings);
        Assert.Equal((FindingKind.BehindSignedEnd, end), (finding.Kind, finding.Sequence));
    }

    [Fact]
    public async Task AForgedOpeningBehindTheSignedEndMakesNoRoomForFurtherLines()
    {
        await WriteAsync(5);
        var before = JournalVerifier.Verify(_folder.Path).Logs[0];
        var opening = ControlPayload.Opened(DateTimeOffset.UtcNow, Forger.Tree(_folder.Path), _signer.Key, Some.Address, 1, TimeSpan.FromSeconds(1));

        Forger.Append(_folder.Path, opening, Forger.RoleGiven(DateTimeOffset.UtcNow));

        var finding = Assert.Single(Verify(_folder.Path).Findings);
        Assert.Equal((FindingKind.BehindSignedEnd, before.Size), (finding.Kind, finding.Sequence));
    }

    [Fact]
    public async Task ASegmentThatSomebodyBeganBehindForgedLinesDoesNotHideThemFromTheWriter()
    {
        await WriteAsync(5);
        Forger.Append(_folder.Path, Forger.RoleGiven(Some.Moment));
        Forger.Begin(_folder.Path, ControlPayload.Opened(Some.Moment, Forger.Tree(_folder.Path), _signer.Key, Some.Address, 1, TimeSpan.FromSeconds(1)));

        await using var writer = Open();

        Assert.Equal(JournalDirectory.LogDirectory(_folder.Path, 1), writer.LogDirectory);
        Assert.Equal(FindingKind.BehindSignedEnd, Verify(_folder.Path).Findings[0].Kind);
    }

    [Fact]
    public async Task LinesAppendedToAJournalThatWasClosedInOrderAreNeverAdopted()
    {
        await WriteAsync(5);
        Forger.Append(_folder.Path, Forger.RoleGiven(Some.Moment));
        var evidence = await File.ReadAllBytesAsync(_folder.Segment(0));

        await using (var writer = Open())
        {
            Assert.Equal(JournalDirectory.LogDirectory(_folder.Path, 1), writer.LogDirectory);
            Assert.Contains("stands behind the end of the log, which was closed in order", _folder.Notices.Expect(JournalNoticeKind.Damaged).Message, StringComparison.Ordinal);
        }

        Assert.Equal(evidence, await File.ReadAllBytesAsync(_folder.Segment(0)));
        Assert.Equal(JournalVerdict.NotSound, Verify(_folder.Path).Verdict);
    }

    [Fact]
    public async Task ACheckpointReplayedBehindTheSignedEndIsNotSound()
    {
        await WriteAsync(5);
        Forger.Append(_folder.Path, ControlPayload.Checkpoint(Some.Moment, _folder.Checkpoints()[^1].Checkpoint));
        Assert.Equal(FindingKind.BehindSignedEnd, Assert.Single(Verify(_folder.Path).Findings).Kind);
        await using var writer = Open();
        Assert.NotEqual(_folder.Path, writer.LogDirectory);
    }

    [Fact]
    public async Task AFewLinesAppendedAfterACrashAreSaidToBeUnproven()
    {
        await CrashAsync();
        var before = Verify(_crashed.FullName).Logs[0].Size;

        Forger.Append(_crashed.FullName, Forger.RoleGiven(DateTimeOffset.UtcNow));

        var report = Verify(_crashed.FullName);
        Assert.Equal(JournalVerdict.PartlyProven, report.Verdict);
        Assert.InRange(before, Assert.Single(report.Logs[0].Unproven).From, report.Logs[0].Unproven[0].To - 1);
    }

    [Theory]
    [InlineData("""{"@timestamp":"2026-11-24T04:00:00\ud800"}""")]
    [InlineData("""{"@timestamp":[[[["2026"]]]]}""")]
    [InlineData("""{"@timestamp":nothing}""")]
    public async Task ALineAppendedAfterACrashWithATimeThatNobodyCanReadStopsNoVerdict(string hostile)
    {
        await CrashAsync();

        Forger.Append(_crashed.FullName, Some.Utf8(hostile));

        Assert.Equal(JournalVerdict.PartlyProven, Verify(_crashed.FullName).Verdict);
    }

    [Fact]
    public async Task LinesAppendedAfterACrashThatSpanFiveHoursAreNoCrashsRemains()
    {
        await CrashAsync();
        Forger.Append(_crashed.FullName, Enumerable.Range(0, 6).Select(hour => Forger.RoleGiven(DateTimeOffset.UtcNow.AddHours(hour - 5))));
        var report = Verify(_crashed.FullName);
        Assert.Equal(JournalVerdict.Unproven, report.Verdict);
        Assert.InRange(report.Logs[0].Unproven[0].Span, TimeSpan.FromHours(5), TimeSpan.FromHours(5.1));
    }

    [Fact]
    public async Task MoreLinesAppendedAfterACrashThanTheWriterLeavesUnsignedAreNoCrashsRemains()
    {
        await CrashAsync();
        Forger.Append(_crashed.FullName, Enumerable.Repeat(Some.Event(), 100_001));
        Assert.Equal(JournalVerdict.Unproven, Verify(_crashed.FullName).Verdict);
    }

    [Fact]
    public async Task WhatACrashLeftUnsignedStaysMarkedAfterTheRestartHasSignedOverIt()
    {
        await CrashAsync();
        Forger.Append(_crashed.FullName, Forger.RoleGiven(DateTimeOffset.UtcNow));
        var unsigned = Verify(_crashed.FullName).Logs[0].Unproven[0];

        await RestartAsync();

        var report = Verify(_crashed.FullName);
        Assert.Equal(JournalVerdict.PartlyProven, report.Verdict);
        var adopted = Assert.Single(report.Logs[0].Unproven);
        Assert.True(adopted.WereAdopted);
        Assert.Equal((unsigned.From, unsigned.To), (adopted.From, adopted.To));
        Assert.Equal([adopted.From, adopted.To], Lines(ControlAction.Recovered)
            .SelectMany(line => new[] { line.GetProperty(JournalFields.From.Name).GetInt64(), line.GetProperty(JournalFields.To.Name).GetInt64() }));
    }

    [Fact]
    public async Task AFiveHourTailThatARestartAdoptedIsStillNoCrashsRemains()
    {
        await CrashAsync();
        Forger.Append(_crashed.FullName, Enumerable.Range(0, 6).Select(hour => Forger.RoleGiven(DateTimeOffset.UtcNow.AddHours(hour - 5))));
        await RestartAsync();
        Assert.Equal(JournalVerdict.Unproven, Verify(_crashed.FullName).Verdict);
    }

    [Fact]
    public async Task SegmentsRemovedWithAForgedPrunedLineAreMissing()
    {
        var anchor = await CrashAsync(segments: 3);
        Forger.PruneAllButTheLast(_crashed.FullName, replayed: anchor);

        var finding = Assert.Single(Verify(_crashed.FullName, anchor).Findings);
        Assert.Equal((FindingKind.MissingLines, 0L), (finding.Kind, finding.Sequence));
    }

    [Fact]
    public async Task SegmentsRemovedWithAForgedPrunedLineAreMissingAlsoWhenARestartHasSignedOverTheLine()
    {
        var anchor = await CrashAsync(segments: 3);
        Forger.PruneAllButTheLast(_crashed.FullName, replayed: anchor);
        await RestartAsync();

        var finding = Assert.Single(Verify(_crashed.FullName, anchor).Findings);
        Assert.Equal((FindingKind.MissingLines, 0L), (finding.Kind, finding.Sequence));
    }

    [Fact]
    public void APrunedLineWithoutASignedCheckpointOverWhatWentIsNotBelieved()
    {
        using var journal = new JournalOnDisk(signer: _signer);
        journal.AppendMany(20);
        var first = journal.Segment;
        var tooSmall = journal.AppendCheckpoint();
        journal.AppendMany(3);
        journal.Roll();
        var to = JournalSegment.At(journal.Segment)!.First;
        foreach (var covering in new[] { null, tooSmall, Checkpoint.Sign(journal.Origin, journal.Size, journal.Root, Some.Signer()) })
        {
            journal.Append(ControlPayload.Pruned(Some.Moment, 0, to, covering));
            journal.AppendCheckpoint();
        }

        File.Delete(first);
        Assert.Equal(FindingKind.MissingLines, Assert.Single(Verify(journal.Directory).Findings).Kind);

        journal.Append(ControlPayload.Pruned(Some.Moment, 0, to, journal.Signed));
        Assert.Equal(FindingKind.MissingLines, Assert.Single(Verify(journal.Directory).Findings).Kind);
        journal.AppendCheckpoint();
        Assert.Empty(Verify(journal.Directory).Findings);
    }

    [Fact]
    public async Task AForgedGapIsNotCounted()
    {
        await CrashAsync();
        Forger.Append(_crashed.FullName, ControlPayload.Gap(Some.Moment, 1000, Some.Moment, Some.Moment, "disk full"));
        Assert.Equal(0, Verify(_crashed.FullName).Logs[0].Dropped);
        await RestartAsync();
        Assert.Equal(0, Verify(_crashed.FullName).Logs[0].Dropped);
    }

    [Fact]
    public async Task AForgedMarkOfAdoptionExcusesNothing()
    {
        await CrashAsync();
        Forger.Append(_crashed.FullName, ControlPayload.Recovered(Some.Moment, 0, 0, 2, "nothing to see"));
        Assert.All(Verify(_crashed.FullName).Logs[0].Unproven, lines => Assert.False(lines.WereAdopted));
        await RestartAsync();
        Assert.NotEqual(0, Assert.Single(Verify(_crashed.FullName).Logs[0].Unproven).From);
    }

    [Fact]
    public async Task ATailCutOffIsSoundWithTheKeyAloneAndNotSoundWithAnOlderAnchor()
    {
        await WriteAsync(5);
        await WriteAsync(5);
        var anchor = _folder.Checkpoints()[^1].Checkpoint;
        File.Delete(JournalDirectory.Segments(_folder.Path)[^1].Path);

        Assert.Equal(JournalVerdict.Sound, Verify(_folder.Path).Verdict);
        Assert.Equal(FindingKind.RolledBack, Assert.Single(Verify(_folder.Path, anchor).Findings).Kind);
    }

    [Fact]
    public void AJournalMadeAnewWithAnotherKeyIsConsistentWithoutAKeyAndNotSoundWithIt()
    {
        using var forged = new JournalOnDisk();
        forged.AppendMany(3);
        forged.AppendCheckpoint();
        Assert.Equal(JournalVerdict.Consistent, JournalVerifier.Verify(forged.Directory).Verdict);
        Assert.Equal(JournalVerdict.NotSound, Verify(forged.Directory).Verdict);
    }

    [Fact]
    public async Task AJournalRewrittenWithTheKeyIsSoundWithTheKeyAndNotSoundWithAnOlderAnchor()
    {
        await WriteAsync(5);
        var anchor = _folder.Checkpoints()[0].Checkpoint;
        using var forged = new JournalOnDisk(anchor.JournalId, signer: _signer);
        forged.AppendMany(20);
        forged.AppendCheckpoint();
        Assert.Equal(JournalVerdict.Sound, Verify(forged.Directory).Verdict);
        Assert.Equal(FindingKind.WrongRoot, Assert.Single(Verify(forged.Directory, anchor).Findings).Kind);
    }

    [Fact]
    public async Task ACheckpointIntervalThatIsNotSignedDoesNotAllowALongerTail()
    {
        await CrashAsync();
        Forger.Append(_crashed.FullName, [
            ControlPayload.Opened(Some.Moment, new MerkleTree(), _signer.Key, Some.Address, 1, TimeSpan.FromDays(1)),
            .. Enumerable.Range(0, 6).Select(hour => Forger.RoleGiven(DateTimeOffset.UtcNow.AddHours(hour - 5)))]);
        Assert.Equal(JournalVerdict.Unproven, Verify(_crashed.FullName).Verdict);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _crashed.Delete(recursive: true);
    }

    private JournalWriter Open(Action<JournalOptions>? change = null) => _folder.Open(o =>
    {
        o.Signer = _signer;
        change?.Invoke(o);
    });

    private async Task WriteAsync(int events)
    {
        await using var writer = Open();
        for (var i = 0; i < events; i++)
        {
            await writer.FlushAsync(writer.Append(Some.Event(i)));
        }
    }

    /// <summary>The journal as a kill leaves it: a copy of the files of one that is being written. Returns the newest checkpoint.</summary>
    private async Task<Checkpoint> CrashAsync(int segments = 1)
    {
        for (var i = 1; i < segments; i++)
        {
            await WriteAsync(5);
        }

        await using var writer = Open(o => o.CheckpointInterval = TimeSpan.FromMilliseconds(10));
        await writer.FlushAsync(writer.Append(Some.Event()));
        Eventually.True(() => _folder.Checkpoints().Any(c => c.Checkpoint.Size > JournalDirectory.Segments(_folder.Path)[^1].First), "a checkpoint over the last segment");
        foreach (var segment in JournalDirectory.Segments(_folder.Path))
        {
            File.Copy(segment.Path, Path.Combine(_crashed.FullName, segment.Name));
        }

        return _folder.Checkpoints()[^1].Checkpoint;
    }

    private async Task RestartAsync()
    {
        await using var writer = JournalWriter.Open(_crashed.FullName, _folder.Options(o => o.Signer = _signer));
        Assert.Equal(_crashed.FullName, writer.LogDirectory);
        await writer.FlushAsync(writer.Append(Some.Event()));
    }

    private IEnumerable<System.Text.Json.JsonElement> Lines(string action) =>
        _folder.Lines(_crashed.FullName).Where(line => line.GetProperty(JournalFields.Action.Name).GetString() == action);

    private VerificationReport Verify(string directory, params Checkpoint[] anchors) =>
        JournalVerifier.Verify(directory, new VerifyOptions { Keys = [_signer.Key], AtLeastAsNewAs = anchors });
}
