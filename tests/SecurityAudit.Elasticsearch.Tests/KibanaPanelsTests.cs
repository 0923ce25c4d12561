namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>
/// Each panel's and each saved search's query, run on both engines over events that the real write path recorded and the host shipped.
/// </summary>
public sealed class KibanaPanelsTests(Engines engines)
{
    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task EveryPanelAndSearchReturnsRows(string engine)
    {
        using var world = await World.CreateAsync(engines, engine);
        await using var host = await AuditedHost.StartAsync(audit => audit.ShipToElasticsearch(world.Url.ToString(), options =>
            (options.Namespace, options.Linger) = (world.Options.Namespace, TimeSpan.FromMilliseconds(50))));
        await SampleEvents.RecordAsync(host.Audit);
        await host.Journal.FlushAsync();
        await Task.Yield();
        await host.ShippedAsync();
        await world.IndexAsync(
            "envelope-1",
            """{"@timestamp":"2026-11-24T03:00:00.000Z","journal.id":"envelope","event.sequence":1,"event.action":"x","security_audit.shipping.envelope":"""
            + """true,"security_audit.redaction":"failed"}""");
        await EventuallyAsync(async () => await PanelQueries.CountAsync(world, "event.action : \"journal.checkpoint\"") > 0);

        var empty = await PanelQueries.EmptyAsync(world);
        Assert.Empty(empty);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            await Task.Delay(50, bound.Token);
        }
    }
}
