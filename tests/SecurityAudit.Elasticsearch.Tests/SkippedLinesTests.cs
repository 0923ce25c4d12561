using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecurityAudit.Journal;
using SecurityAudit.Shipping;
using SecurityAudit.Tool.Tests;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>What the journal does not have any more when it is to be shipped is told, and retention waits for shipping.</summary>
public sealed class SkippedLinesTests : StrictEngineTests
{
    [Fact]
    public async Task LinesThatTheJournalDoesNotHaveAnyMoreAreToldWithTheirRangeAndCounted()
    {
        var log = Some.Log(20);
        using var run = new ShippingRun(log, Some.Options(Engine.Url), Folder.Path);
        log.Next = 4;
        log.Count = 10;
        await run.ToEndAsync();
        (log.Next, log.Count) = (15, 20);
        await run.ToEndAsync();

        Assert.Equal([(0L, 3L), (10, 14)], run.Files.Skipped().Select(range => (range.From, range.To)));
        Assert.Equal(9, run.Files.Load()!.Skipped);
        Assert.Equal(11, Engine.Stored.Count);
        Assert.Equal(
            [$"Lines 0 to 3 of log {log.Id} cannot be shipped", $"Lines 10 to 14 of log {log.Id} cannot be shipped"],
            run.Notices.Where(notice => notice.Kind == ShippingNoticeKind.Skipped).Select(notice => notice.Message[..notice.Message.IndexOf(':', StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task AnApplicationWhoseUnshippedSegmentIsGoneRecordsTheGapAndStatusShowsIt()
    {
        for (var life = 0; life < 2; life++)
        {
            await using var silent = await AuditedHost.StartAsync(folder: Folder.Path);
            await silent.Audit.RecordAsync(SecurityEvents.AuthnLoginSuccess(new AuditUser("1", "alice")));
        }

        var journal = Path.Combine(Folder.Path, "audit");
        var segments = JournalDirectory.Segments(journal);
        File.Delete(segments[0].Path);
        await using (var host = await AuditedHost.StartAsync(
            audit => audit.ShipToElasticsearch(Engine.Url.ToString(), options => options.Linger = TimeSpan.Zero), folder: Folder.Path))
        {
            await host.ShippedAsync();
            await host.Journal.FlushAsync();
            Assert.Contains(
                host.Log.Lines,
                line => line.StartsWith("Error", StringComparison.Ordinal)
                    && line.Contains($"Lines 0 to {segments[1].First - 1} of log", StringComparison.Ordinal));
        }

        Assert.Contains("audit_shipping_gap", string.Concat(JournalDirectory.Segments(journal).Select(segment => File.ReadAllText(segment.Path))), StringComparison.Ordinal);
        var status = await ToolRun.PipedAsync("elasticsearch", "status", journal);
        Assert.Equal(1, status.ExitCode);
        Assert.Contains($"skipped       lines 0 to {segments[1].First - 1}: the journal did not have them any more", status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RetentionAsksShippingAlsoWhileNoEngineHasAnsweredYet()
    {
        await using var host = await AuditedHost.StartAsync(audit => audit.ShipToElasticsearch("http://127.0.0.1:1"));

        var consumer = Assert.Single(host.Application.Services.GetRequiredService<IOptions<SecurityAuditOptions>>().Value.Journal.Consumers);

        Assert.Equal("shipping to Elasticsearch", consumer.Name);
        Assert.Equal(0, consumer.SettledSize(JournalDirectory.Log(host.Directory)));
    }

    [Fact]
    public async Task WhatIsShippedIsSettledForRetention()
    {
        await using var host = await AuditedHost.StartAsync(audit => audit.ShipToElasticsearch(Engine.Url.ToString(), options => options.Linger = TimeSpan.Zero));
        await host.ShippedAsync();
        var consumer = Assert.Single(host.Application.Services.GetRequiredService<IOptions<SecurityAuditOptions>>().Value.Journal.Consumers);

        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (consumer.SettledSize(JournalDirectory.Log(host.Directory)) == 0) // the bookmark follows within a second
        {
            await Task.Delay(20, bound.Token);
        }

        Assert.InRange(consumer.SettledSize(JournalDirectory.Log(host.Directory)), 1, host.Journal.DurableSize);
    }
}
