namespace SecurityAudit.Journal.Tests.Writing;

/// <summary>What nobody has read yet is not removed, unless the owner says so, and then it is recorded.</summary>
public sealed class RetentionTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatAConsumerHasNotSettledStaysHoweverOldItIs()
    {
        var segments = await OldSegmentsAsync();

        await PruneAsync(JournalNoticeKind.Unsettled, o => o.Consumers.Add(new Consumer("archive", segments[1].First)));

        Assert.Equal(segments[1].First, JournalDirectory.Segments(_folder.Path)[0].First);
        Assert.Contains(
            $"stay: the archive has settled lines up to {segments[1].First - 1} only", _folder.Notices.Expect(JournalNoticeKind.Unsettled).Message,
            StringComparison.Ordinal);
        _folder.AssertSound();
    }

    [Fact]
    public async Task TheSlowestConsumerDecidesAndOneThatThrowsHasSettledNothing()
    {
        var segments = await OldSegmentsAsync();

        await PruneAsync(JournalNoticeKind.Unsettled, o =>
        {
            o.Consumers.Add(new Consumer("archive", long.MaxValue));
            o.Consumers.Add(new Consumer("broken", null));
        });

        Assert.Equal(segments[0].First, JournalDirectory.Segments(_folder.Path)[0].First);
        Assert.Contains(
            "the broken has settled lines up to -1 only as far as it can tell (no route)", _folder.Notices.Expect(JournalNoticeKind.Unsettled).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatEveryConsumerHasSettledGoes()
    {
        var segments = await OldSegmentsAsync();

        await PruneAsync(JournalNoticeKind.Pruned, o => o.Consumers.Add(new Consumer("archive", long.MaxValue)));

        Assert.Equal(segments[^1].First, JournalDirectory.Segments(_folder.Path)[0].First);
        Assert.DoesNotContain(_folder.Notices.Said, n => n.Kind == JournalNoticeKind.Unsettled);
    }

    [Theory]
    [InlineData("""{"target":"t","bookmark":{"segment":"s","offset":0,"sequence":SETTLED,"hash":"h"}}""", ".json", 1)]
    [InlineData("""{"target":"t","bookmark":{"segment":"s","offset":0,"sequence":SETTLED,"hash":"h"}}""", ".splunk.bookmark", 1)]
    [InlineData("""{"target":"t","bookmark":{"segment":"s","offset":0,"sequence":SETTLED,"hash":"h"}}""", ".bookmark", 1)]
    [InlineData("""{"target":"t","bookmark":null}""", ".bookmark", 0)]
    [InlineData("""{"target":"t","bookm""", ".bookmark", 0)]
    [InlineData("", ".bookmark", 0)]
    [InlineData("""{"bookmark":{"sequence":"9999"}}""", ".bookmark", 0)]
    public async Task ABookmarkFileOfAShipperInAnotherProcessCounts(string content, string name, int keptSegment)
    {
        var segments = await OldSegmentsAsync();
        WriteBookmark(name, content.Replace("SETTLED", (segments[1].First - 1).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));

        await PruneAsync(JournalNoticeKind.Unsettled);

        Assert.Equal(segments[keptSegment].First, JournalDirectory.Segments(_folder.Path)[0].First);
        Assert.Contains($"{name}'", _folder.Notices.Expect(JournalNoticeKind.Unsettled).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheBookmarkOfAnotherLogAndWhatIsNoBookmarkHoldNothingBack()
    {
        var segments = await OldSegmentsAsync();
        foreach (var name in new[] { ".bookmark.new", ".repair.json", ".lock", ".dead.jsonl", ".repair" })
        {
            WriteBookmark(name, "{}");
        }

        File.WriteAllText(Path.Combine(_folder.Path, BookmarkFiles.FolderName, "zzzzzzzz.bookmark"), "{}");

        await PruneAsync(JournalNoticeKind.Pruned);

        Assert.Equal(segments[^1].First, JournalDirectory.Segments(_folder.Path)[0].First);
    }

    [Fact]
    public async Task WithTheOwnersYesUnsettledSegmentsGoAndTheJournalSaysWhichBeforeWhom()
    {
        var segments = await OldSegmentsAsync();

        await PruneAsync(JournalNoticeKind.Pruned, o =>
        {
            o.PruneUnsettled = true;
            o.Consumers.Add(new Consumer("archive \"north\"", 4));
        });

        Assert.Equal(segments[^1].First, JournalDirectory.Segments(_folder.Path)[0].First);
        var pruned = Assert.Single(_folder.Lines(), l => l.GetProperty("event.action").GetString() == ControlAction.Pruned);
        var expected = $"lines 4 to {segments[^1].First - 1} were removed before the archive \"north\" had them, as the option PruneUnsettled has it";
        Assert.Equal(expected, pruned.GetProperty(JournalFields.Reason.Name).GetString());
        Assert.Contains(expected, _folder.Notices.Expect(JournalNoticeKind.Unsettled).Message, StringComparison.Ordinal);
        _folder.AssertSound();
    }

    [Fact]
    public void ALogInASlotHasItsBookmarksBesideTheFirstLogs() =>
        Assert.Equal(_folder.Path, JournalDirectory.Holding(JournalDirectory.LogDirectory(_folder.Path, 3) + Path.DirectorySeparatorChar));

    private async Task<IReadOnlyList<JournalSegment>> OldSegmentsAsync()
    {
        for (var start = 0; start < 3; start++)
        {
            await using var writer = Open();
            for (var i = 0; i < 10; i++)
            {
                writer.Append(Some.Event(i));
            }
        }

        var segments = JournalDirectory.Segments(_folder.Path);
        foreach (var old in segments.SkipLast(1))
        {
            File.SetLastWriteTimeUtc(old.Path, DateTime.UtcNow - TimeSpan.FromDays(31));
        }

        return segments;
    }

    /// <summary>Opens the journal with a retention of 30 days until it has said what it does.</summary>
    private async Task PruneAsync(JournalNoticeKind until, Action<JournalOptions>? change = null)
    {
        await using var writer = Open(o =>
        {
            o.Retention = TimeSpan.FromDays(30);
            change?.Invoke(o);
        });
        writer.Append(Some.Event(), critical: true);
        _folder.Notices.Expect(until);
        await writer.FlushAsync(writer.Append(Some.Event(), critical: true)); // what was announced goes with the next commit
    }

    private void WriteBookmark(string name, string content)
    {
        var folder = Path.Combine(_folder.Path, BookmarkFiles.FolderName);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, JournalDirectory.Log(_folder.Path).Id + name), content);
    }

    private JournalWriter Open(Action<JournalOptions>? change = null) => _folder.Open(o =>
    {
        o.Anchors.Add(new FileAnchor(_folder.AnchorPath));
        change?.Invoke(o);
    });

    private sealed class Consumer(string name, long? settled) : IJournalConsumer
    {
        public string Name => name;

        public long SettledSize(JournalLog log) => settled ?? throw new IOException("no route");
    }
}
