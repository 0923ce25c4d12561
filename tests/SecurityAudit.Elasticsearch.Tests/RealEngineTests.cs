using System.Text;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Hosting;
using SecurityAudit.Elasticsearch.Reconciliation;
using SecurityAudit.Journal;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>A journal on disk, shipped to both real engines and reconciled.</summary>
public sealed class RealEngineTests(Engines engines)
{
    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task EveryLineOfTheJournalIsStoredOnceWithItsHash(string engine)
    {
        using var world = await World.CreateAsync(engines, engine);
        using var log = DiskLog.Of(3000);

        await world.ShipAsync(log);
        var report = await world.ReconcileAsync(log);

        Assert.Empty(report.Findings);
        Assert.Equal((report.Events, report.Events), (report.Once, (long)await Ask.CountAsync(world.Connection, world.Target.Search)));
        Assert.InRange(report.Events, 3002, 4000); // and the journal's own lines
    }

    [Theory]
    [InlineData(Engines.Elasticsearch, ElasticsearchLayout.IndexPerPeriod)]
    [InlineData(Engines.OpenSearch, ElasticsearchLayout.DataStream)]
    public async Task EitherLayoutWorksOnEitherEngine(string engine, ElasticsearchLayout layout)
    {
        using var world = await World.CreateAsync(engines, engine, options => options.Layout = layout);
        using var log = DiskLog.Of(100);

        await world.ShipAsync(log);

        Assert.Empty((await world.ReconcileAsync(log)).Findings);
    }

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task ARestartGoesOnWhereItStood(string engine)
    {
        using var world = await World.CreateAsync(engines, engine);
        using var log = DiskLog.Of(500);
        await world.ShipAsync(log);
        log.Append(500);

        await world.ShipAsync(log);

        Assert.Empty((await world.ReconcileAsync(log)).Findings);
        Assert.Equal(0, new ShippingFiles(log.Directory, log.Log.Id).Load()!.Doubtful);
    }

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task ReconcileListsWhatIsMissingChangedAndBeyondTheEndAndShipsWhatIsMissing(string engine)
    {
        using var world = await World.CreateAsync(engines, engine);
        using var log = DiskLog.Of(300);
        await world.ShipAsync(log);
        var id = log.Log.Id;
        await Ask.RefreshAsync(world.Connection, world.Target.Search);
        await world.DeleteAsync(id, 17);
        await world.ChangeAsync(id, 18, line => line.Replace("user", "eve", StringComparison.Ordinal));
        await world.ChangeAsync(id, 19, line => line[..^10] + "AAAAAAAA\"}");
        await world.IndexAsync($"{id}-9999", Encoding.UTF8.GetString(Some.Line(id, 9999, Some.Payload(1))));

        var report = await world.ReconcileAsync(log);
        var hashes = await world.ReconcileAsync(log, new ReconcileOptions { HashesOnly = true });
        var repaired = await world.ReconcileAsync(log, new ReconcileOptions { ShipMissing = true });
        var after = await world.ReconcileAsync(log);

        Assert.Equal(
            [(ReconcileFindingKind.Missing, 17L), (ReconcileFindingKind.Changed, 18), (ReconcileFindingKind.Changed, 19), (ReconcileFindingKind.BeyondTheEnd, 9999)],
            report.Findings.Select(finding => (finding.Kind, finding.Sequence)));
        Assert.Equal([17L, 19, 9999], hashes.Findings.Select(finding => finding.Sequence)); // a change that leaves the hash alone needs the comparison
        Assert.Equal(1, repaired.Repaired);
        Assert.DoesNotContain(after.Findings, finding => finding.Kind == ReconcileFindingKind.Missing);
    }

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task ARollOverBetweenTryAndRetryIsToldAndReconcileRemovesTheDouble(string engine)
    {
        using var world = await World.CreateAsync(engines, engine, options => options.Layout = ElasticsearchLayout.DataStream);
        using var log = DiskLog.Of(100);
        await using var proxy = await FaultyProxy.StartAsync(world.Url);
        using var through = new ElasticsearchConnection(world.Through(proxy.Url));
        proxy.Next(Fault.LoseAnswer, async () => await world.Connection.SendAsync(HttpMethod.Post, world.Target.Search + "/_rollover"));

        await world.ShipAsync(log, through);
        var doubts = new ShippingFiles(log.Directory, log.Log.Id).Doubts();
        var report = await world.ReconcileAsync(log, new ReconcileOptions { RemoveDoubled = true });
        var after = await world.ReconcileAsync(log);

        Assert.NotEmpty(doubts);
        Assert.All(report.Findings, finding => Assert.Equal(ReconcileFindingKind.Doubled, finding.Kind));
        Assert.All(report.Findings, finding => Assert.Contains(doubts, doubt => doubt.From <= finding.Sequence && finding.Sequence <= doubt.To));
        Assert.Equal(report.Findings.Count, report.Repaired);
        Assert.Empty(after.Findings);
        Assert.Empty(new ShippingFiles(log.Directory, log.Log.Id).Doubts());
    }

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task AJournalThatWasCutBehindAnAnchoredCheckpointIsFoundAtStart(string engine)
    {
        using var world = await World.CreateAsync(engines, engine);
        using var services = new AnchorServices(world);
        using var log = DiskLog.Of(10, configure: options => options.Anchors.Add(services.Anchor));
        var first = log.Log;
        await Ask.RefreshAsync(world.Connection, "securityaudit-checkpoints-*");
        var bytes = File.ReadAllLines(first.Segments[0].Path);
        File.WriteAllLines(first.Segments[0].Path, bytes[..4]);

        log.Append(1, configure: options => options.Anchors.Add(services.Anchor));

        Assert.True(JournalDirectory.Logs(log.Directory).Count == 2, "A log whose anchor says more is not continued.");
        var report = await world.ReconcileAsync(log);
        Assert.Contains(report.Findings, finding => finding.Kind == ReconcileFindingKind.CheckpointBeyondTheEnd);
    }
}
