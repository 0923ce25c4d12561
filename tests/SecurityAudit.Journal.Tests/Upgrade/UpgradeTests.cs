using System.Text;

namespace SecurityAudit.Journal.Tests.Upgrade;

/// <summary>A journal that a version before wrote is read, proven, continued and verified by this one.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly UpgradedJournal _journal = new();
    private readonly Notices _notices = new();

    public void Dispose() => _journal.Dispose();

    [Fact]
    public void AJournalOfAVersionBeforeHasTheVerdictThatItHadThen()
    {
        var report = _journal.Verify();

        Assert.Empty(report.Findings);
        Assert.Equal(JournalVerdict.PartlyProven, report.Verdict);
        var (first, second) = (report.Logs[0], report.Logs[1]);
        Assert.Equal((UpgradedJournal.First, 0L, 66L, 65L, 2L, true), (first.Id, first.First, first.Size, first.ProvenSize, first.Dropped, first.IsKeyPinned));
        var adopted = Assert.Single(first.Unproven);
        Assert.Equal((51L, 56L), (adopted.From, adopted.To));
        Assert.Equal((UpgradedJournal.Second, 37L, 66L, 65L, JournalVerdict.Sound), (second.Id, second.First, second.Size, second.ProvenSize, second.Verdict));
        Assert.Equal(_journal.Anchored.Select(checkpoint => checkpoint.Note), report.Logs.Select(log => log.LastCheckpoint!.Note));
    }

    [Fact]
    public void AJournalOfAVersionBeforeIsReadWhole()
    {
        Assert.Equal(Enumerable.Range(0, 66), Lines(_journal.Path).Select(line => (int)line.Sequence));
        Assert.Equal(Enumerable.Range(37, 29), Lines(JournalDirectory.LogDirectory(_journal.Path, 1)).Select(line => (int)line.Sequence));
        Assert.Contains(Lines(_journal.Path), line => line.Text.Contains("Jürgen (133) failed to sign in.", StringComparison.Ordinal));
    }

    [Fact]
    public void AChangedByteInAJournalOfAVersionBeforeIsFound()
    {
        var segment = JournalDirectory.Segments(_journal.Path)[0].Path;
        File.WriteAllText(segment, File.ReadAllText(segment).Replace("Jürgen (105)", "Jürgen (106)", StringComparison.Ordinal));

        var finding = Assert.Single(_journal.Verify().Findings);
        Assert.Contains("line 6 was altered", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BothLogsOfAVersionBeforeAreContinuedAndVerify()
    {
        var anchored = _journal.Anchored;
        await using (var first = _journal.Open(_notices.Add))
        await using (var second = _journal.Open())
        {
            Assert.Equal((UpgradedJournal.First, UpgradedJournal.Second), (first.Id, second.Id));
            await first.FlushAsync(first.Append(Some.Event(1), critical: true), TestContext.Current.CancellationToken);
            await second.FlushAsync(second.Append(Some.Event(2)), TestContext.Current.CancellationToken);
        }

        var report = _journal.Verify(anchored); // against what was anchored before
        Assert.Empty(report.Findings);
        Assert.All(report.Logs, log => Assert.True(log.Size > 66));
        Assert.Equal(JournalVerdict.PartlyProven, report.Verdict); // the adopted lines stay what they were
        Assert.Equal((51L, 56L), (Assert.Single(report.Logs[0].Unproven).From, report.Logs[0].Unproven[0].To));
        Assert.All(_journal.Anchored.Zip(report.Logs), pair => Assert.InRange(pair.First.Size, 67, pair.Second.Size));
    }

    [Fact]
    public async Task AJournalOfAVersionBeforeThatStandsElsewhereIsContinuedAsACopyOnce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells a directory's inode here.");
        await using (_journal.Open(_notices.Add))
        {
            Assert.Contains("was written elsewhere (host vm, device 254:0, inode 11682215)", _notices.Expect(JournalNoticeKind.Copied).Message, StringComparison.Ordinal);
        }

        await using (_journal.Open())
        {
        }

        Assert.Single(Lines(_journal.Path), line => line.Text.Contains($"\"event.action\":\"{ControlAction.Copied}\"", StringComparison.Ordinal));
        Assert.Empty(_journal.Verify().Findings);
    }

    [Fact]
    public async Task ALineOfAVersionBeforeIsProvenAlsoUnderTheCheckpointOfThisOne()
    {
        var old = _journal.Anchored[0];
        var before = JournalProofs.Inclusion(JournalDirectory.Log(_journal.Path), 20);
        await using (var writer = _journal.Open())
        {
            writer.Append(Some.Event());
        }

        var log = JournalDirectory.Log(_journal.Path);

        var inclusion = JournalProofs.Inclusion(log, 20);
        var consistency = JournalProofs.Consistency(log, old);

        var newer = JournalVerifier.Verify(_journal.Path).Logs[0].Key!; // the journal's second key
        Assert.True(before.Verify(inclusion.Line.Span, newer));
        Assert.True(inclusion.Checkpoint.Size > before.Checkpoint.Size);
        Assert.True(inclusion.Verify(before.Line.Span, newer));
        Assert.True(consistency.Verify(old, newer));
    }

    private static List<(long Sequence, string Text)> Lines(string logDirectory)
    {
        var lines = new List<(long, string)>();
        using var reader = new JournalReader(logDirectory);
        while (reader.TryRead(out var line))
        {
            lines.Add((line.Sequence, Encoding.UTF8.GetString(line.Utf8.Span)));
        }

        Assert.Equal(0, reader.Skipped);
        return lines;
    }
}
