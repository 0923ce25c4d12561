namespace SecurityAudit.Journal.Tests.Verification;

public sealed class SoundJournalTests : IDisposable
{
    private readonly JournalOnDisk _journal = new();

    [Fact]
    public void AWholeJournalIsSoundAndProvenUpToItsLastCheckpoint()
    {
        _journal.AppendMany(200);
        _journal.Roll();
        _journal.AppendMany(100);
        var last = _journal.AppendCheckpoint();
        _journal.AppendMany(3);

        var report = JournalVerifier.Verify(_journal.Directory);

        Assert.True(report.HasNoFindings());
        var log = Assert.Single(report.Logs);
        Assert.Equal(("k3f5x2ab", 0L, 306L, 302L), (log.Id, log.First, log.Size, log.ProvenSize));
        Assert.Equal(_journal.Root, log.Root.ToArray());
        Assert.Equal(last, log.LastCheckpoint);
        Assert.Equal(_journal.Signer.Key, log.Key);
        Assert.False(log.IsKeyPinned);
    }

    [Fact]
    public void EachSegmentIsSoundAlone()
    {
        for (var i = 0; i < 4; i++)
        {
            _journal.AppendMany(50);
            _journal.AppendCheckpoint();
            Assert.Equal(_journal.Size - 1, Alone(_journal.Segment).ProvenSize);
            _journal.Roll();
        }
    }

    [Fact]
    public void ACheckpointMayCoverAnyEarlierSizeAlsoThoseOfSegmentsBefore()
    {
        var states = new List<Checkpoint>();
        for (var i = 0; i < 300; i++)
        {
            states.Add(_journal.Signed);
            _journal.AppendMany(1);
            if (i is 100 or 200)
            {
                _journal.Roll();
            }
        }

        foreach (var state in states.AsEnumerable().Reverse())
        {
            _journal.AppendCheckpoint(state);
        }

        var report = JournalVerifier.Verify(_journal.Directory);
        Assert.Empty(report.Findings);
        Assert.Equal(states[^1].Size, report.Logs[0].ProvenSize);
    }

    [Fact]
    public void ACheckpointFarBehindIsFoundAgainInTheFile()
    {
        _journal.AppendMany(10);
        var early = _journal.Signed;
        var filler = $$"""{"filler":"{{new string('x', 60_000)}}"}""";
        for (var i = 0; i < 400; i++)
        {
            _journal.Append(filler);
        }

        _journal.AppendCheckpoint(early);
        var log = Assert.Single(JournalVerifier.Verify(_journal.Directory).Logs);
        Assert.True(log.HasNoFindings());
        Assert.Equal(early.Size, log.ProvenSize);
    }

    [Fact]
    public void ALineBeingWrittenAtTheEndIsNoFaultAtAnyLength()
    {
        _journal.AppendMany(2);
        _journal.AppendCheckpoint();
        var before = File.ReadAllBytes(_journal.Segment);
        var line = _journal.Seal(Some.Utf8("""{"a":1}"""));
        for (var length = 1; length < line.Length; length++)
        {
            File.WriteAllBytes(_journal.Segment, [.. before, .. line.AsSpan(0, length)]);
            var log = Assert.Single(JournalVerifier.Verify(_journal.Directory).Logs);
            Assert.True(log.HasNoFindings());
            Assert.Equal((4, (long)length), (log.Size, log.UnfinishedBytes));
        }
    }

    [Fact]
    public void APoisonedSegmentWhoseLinesComeAgainInTheNextIsSoundWhateverTheDiskLeftBehindThem()
    {
        _journal.AppendMany(3);
        _journal.AppendCheckpoint();
        var again = _journal.Seal(Some.Utf8("""{"a":1}""")).Concat(_journal.Seal(Some.Utf8("""{"a":2}"""))).ToArray();
        var next = Path.Combine(_journal.Directory, JournalSegment.NameOf(5));
        File.WriteAllBytes(next, again);
        File.AppendAllBytes(next, _journal.Seal(ControlPayload.Checkpoint(Some.Moment, _journal.Signed)));
        var poisoned = File.ReadAllBytes(_journal.Segment);

        byte[][] leftovers = [[], again, [.. again.AsSpan(0, again.Length / 2)], new byte[4096], [.. again, .. "\0\n"u8]];
        foreach (var leftover in leftovers)
        {
            File.WriteAllBytes(_journal.Segment, [.. poisoned, .. leftover]);
            var report = JournalVerifier.Verify(_journal.Directory);
            Assert.Empty(report.Findings);
            Assert.Equal((8, 7), (report.Logs[0].Size, report.Logs[0].ProvenSize));
        }
    }

    [Fact]
    public void WhatIsLeftAfterPruningIsSoundIfTheJournalSaysSo()
    {
        _journal.AppendMany(20);
        var first = _journal.Segment;
        _journal.Roll();
        _journal.AppendMany(5);
        _journal.Append(ControlPayload.Pruned(Some.Moment, 0, 21, _journal.Signed));
        _journal.AppendCheckpoint();
        File.Delete(first);

        var log = Assert.Single(JournalVerifier.Verify(_journal.Directory).Logs);
        Assert.True(log.HasNoFindings());
        Assert.Equal((21, 28), (log.First, log.ProvenSize));
    }

    [Fact]
    public void AKeyChangeThatTheOldKeyVouchesForIsFollowedFromAPinnedKeyOn()
    {
        var old = _journal.Signer;
        _journal.AppendCheckpoint();
        _journal.Signer = Some.Signer();
        _journal.Roll();
        _journal.Append(ControlPayload.KeyChanged(Some.Moment, _journal.Signer.Key, KeyEndorsement.Sign(_journal.Origin, _journal.Signer.Key, old)));
        _journal.AppendCheckpoint();

        foreach (var keys in new[] { new[] { old.Key }, [], [old.Key, _journal.Signer.Key] })
        {
            var log = Assert.Single(JournalVerifier.Verify(_journal.Directory, new VerifyOptions { Keys = keys }).Logs);
            Assert.True(log.HasNoFindings());
            Assert.Equal(4, log.ProvenSize);
            Assert.Equal(_journal.Signer.Key, log.Key);
        }
    }

    [Fact]
    public void SeveralLogsAreVerifiedEachByItself()
    {
        _journal.AppendMany(3);
        using var second = new JournalOnDisk("bbbbbbbb", Path.Combine(_journal.Directory, "slot-1"));
        using var tenth = new JournalOnDisk("cccccccc", Path.Combine(_journal.Directory, "slot-10"));
        using var none = new JournalOnDisk("dddddddd", Path.Combine(_journal.Directory, "slot-01"));
        second.AppendCheckpoint();

        var report = JournalVerifier.Verify(_journal.Directory);
        Assert.True(report.HasNoFindings());
        Assert.Equal([("k3f5x2ab", 4), ("bbbbbbbb", 2), ("cccccccc", 1)], report.Logs.Select(log => (log.Id, log.Size)));
    }

    [Fact]
    public void TheEventsThatCouldNotBeRecordedAreCountedOnceASignatureCoversTheirCount()
    {
        _journal.Append(ControlPayload.Gap(Some.Moment, 7, Some.Moment, Some.Moment, "disk full"));
        _journal.Append(ControlPayload.Gap(Some.Moment, 5, Some.Moment, Some.Moment, "disk full"));
        Assert.Equal(0, JournalVerifier.Verify(_journal.Directory).Logs[0].Dropped);
        _journal.AppendCheckpoint();
        Assert.Equal(12, JournalVerifier.Verify(_journal.Directory).Logs[0].Dropped);
    }

    [Fact]
    public void ProgressEndsAtTheSizeOfTheJournal()
    {
        for (var i = 0; i < 100; i++)
        {
            _journal.Append($$"""{"filler":"{{new string('x', 60_000)}}"}""");
        }

        var steps = new Steps();
        JournalVerifier.Verify(_journal.Directory, progress: steps);
        Assert.True(steps.All.Count > 4);
        Assert.Equal(steps.All.Order(), steps.All);
        Assert.Equal(new FileInfo(_journal.Segment).Length, steps.All[^1]);
    }

    [Fact]
    public void WhatIsNoJournalIsSaidInSoManyWords()
    {
        var empty = Directory.CreateDirectory(Path.Combine(_journal.Directory, "empty")).FullName;
        var file = Path.Combine(empty, "notes.txt");
        Assert.Equal($"'{empty}' holds no journal: expected segments, files named by 20 digits and '.jsonl'.", Refusal(empty));
        Assert.Equal($"'{file}' does not exist: expected a journal's directory or one of its segments.", Refusal(file));
        File.WriteAllText(file, "x");
        Assert.StartsWith($"'{file}' is not a segment of a journal", Refusal(file), StringComparison.Ordinal);

        static string Refusal(string path) => Assert.Throws<JournalException>(() => JournalVerifier.Verify(path)).Message;
    }

    public void Dispose() => _journal.Dispose();

    private static LogReport Alone(string segment)
    {
        var report = JournalVerifier.Verify(segment);
        Assert.Empty(report.Findings);
        return Assert.Single(report.Logs);
    }

    private sealed class Steps : IProgress<VerificationProgress>
    {
        public List<long> All { get; } = [];

        public void Report(VerificationProgress value) => All.Add(value.Bytes);
    }
}
