using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>Versions before gave the id <c>{log}-{sequence}</c>: what they stored is not stored again by this one.</summary>
public sealed class OldIdTests : StrictEngineTests
{
    [Fact]
    public async Task WhatWasShippedUnderTheOldIdsIsNotShippedTwice()
    {
        var log = Some.Log(40);
        var window = Store(log, 0, 25); // the version before stored 25 and died before its bookmark for the last 10
        SaveOldBookmark(log, next: 15, window: 8000);

        using var run = await RunAsync(log);

        Assert.Equal(40, Engine.Stored.Count);
        Assert.All(window, id => Assert.Contains(id, Engine.Stored.Keys.Select(key => key.Id)));
        Assert.Equal(39, run.Files.Load()!.Bookmark!.Sequence);
    }

    [Fact]
    public async Task BehindWhereTheOldIdsEndEachIdCarriesTheHashAlsoAfterAnotherRestart()
    {
        var log = Some.Log(15);
        SaveOldBookmark(log, next: 10, window: 20);
        using (await RunAsync(log))
        {
        }

        log.Count = 50;
        using var run = await RunAsync(log);

        Assert.Equal("29", run.Files.Load()!.Memo);
        Assert.Equal(
            Enumerable.Range(10, 40).Select(i => i < 30 ? DocumentId.WithoutHash(log.Id, i) : log.IdOf(i)).Order(StringComparer.Ordinal),
            Engine.Stored.Keys.Select(key => key.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AnOldIdThatIsTakenIsInDoubtWhereTheKeyMayNotReadByWhat()
    {
        var log = Some.Log(10);
        Store(log, 5, 8);
        SaveOldBookmark(log, next: 5, window: 8000);

        using var run = await RunAsync(log);

        var doubt = Assert.Single(run.Files.Doubts());
        Assert.Equal((5L, 7L, Doubt.AnothersLine), (doubt.From, doubt.To, doubt.Doubt));
        Assert.Contains(
            "unless a copy of this log stored its own there", Assert.Single(run.Notices, notice => notice.Kind == ShippingNoticeKind.Doubtful).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnOldIdThatACopyTookIsToldAndTheLineIsStoredUnderItsOwnIdWhereTheKeyMayRead()
    {
        var log = Some.Log(10);
        var copy = Some.Log(10, i => Some.Payload(i + 1000), log.Id);
        Store(copy, 5, 8);
        SaveOldBookmark(log, next: 5, window: 8000);
        Engine.MayRead = true;

        using var run = await RunAsync(log);

        for (var i = 5; i < 8; i++)
        {
            Assert.Equal(copy.Line(i), Engine.Stored.Single(pair => pair.Key.Id == DocumentId.WithoutHash(log.Id, i)).Value);
            Assert.Equal(log.Line(i), Engine.Stored.Single(pair => pair.Key.Id == log.IdOf(i)).Value);
        }

        Assert.Equal(3, run.Notices.Count(notice => notice.Kind == ShippingNoticeKind.Fork));
        Assert.Empty(run.Files.Doubts());
    }

    [Fact]
    public async Task WithoutABookmarkAKeyThatMayReadFindsWhatIsStoredUnderOldIds()
    {
        var log = Some.Log(2500);
        Store(log, 0, 1200);
        Engine.MayRead = true;

        using var run = await RunAsync(log);

        Assert.Equal(2500, Engine.Stored.Count);
        Assert.Equal(1300, Engine.Calls.Sum(call => call.Documents.Count));
    }

    [Fact]
    public async Task ALostBookmarkIsSaidSinceNobodyCanKnowWhatIsStoredUnderOldIds()
    {
        var log = Some.Log(10);
        using (new ShippingFiles(Folder.Path, log.Id).TryLock())
        {
        }

        using var run = await RunAsync(log);

        Assert.Contains("--remove-doubled' settles it", Assert.Single(run.Notices, notice => notice.Kind == ShippingNoticeKind.BookmarkLost).Message, StringComparison.Ordinal);
    }

    /// <summary>As a version before stored them.</summary>
    private List<string> Store(MemoryLog log, int from, int to)
    {
        var ids = Enumerable.Range(from, to - from).ToDictionary(i => DocumentId.WithoutHash(log.Id, i), i => log.Line(i));
        foreach (var (id, line) in ids)
        {
            Engine.Stored[(".ds-logs-securityaudit.events-default-2026.11.24-000001", id)] = line;
        }

        return [.. ids.Keys];
    }

    /// <summary>As a version before wrote it: it knew no <c>memo</c>.</summary>
    private void SaveOldBookmark(MemoryLog log, long next, int window)
    {
        var files = new ShippingFiles(Folder.Path, log.Id);
        Directory.CreateDirectory(files.Directory);
        File.WriteAllText(Path.Combine(files.Directory, log.Id + ".json"), new JsonObject
        {
            ["target"] = "logs-securityaudit.events-default",
            ["bookmark"] = new JsonObject { ["segment"] = "00000000000000000000.jsonl", ["offset"] = next - 1, ["sequence"] = next - 1, ["hash"] = Some.Hash(log.Line(next - 1)) },
            ["index"] = ".ds-logs-securityaudit.events-default-2026.11.24-000001",
            ["window"] = window, ["stored"] = next, ["deadLetters"] = 0, ["doubtful"] = 0, ["state"] = "Shipping", ["lastAnswer"] = "200",
            ["lastAnswerAt"] = Some.Time.ToString("O"),
        }.ToJsonString());
    }
}
