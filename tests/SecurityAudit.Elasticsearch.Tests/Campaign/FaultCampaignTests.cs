using System.Globalization;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Reconciliation;
using SecurityAudit.Journal;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>
/// Whatever happens to the engine, the network and the application: each sequence number is stored once, with the journal's hash, in the
/// log's order.
/// </summary>
public sealed class FaultCampaignTests(ITestOutputHelper output)
{
    private const int BatchEvents = 500;
    private const int Samples = 100;

    public static TheoryData<string, int, int> Small => new() { { Engines.Elasticsearch, 20_000, 1 }, { Engines.OpenSearch, 20_000, 1 } };

    public static TheoryData<string, int, int> Million => new() { { Engines.Elasticsearch, 1_000_000, 3 }, { Engines.OpenSearch, 1_000_000, 3 } };

    public static TheoryData<string, int, int> TenMillion => new() { { Engines.Elasticsearch, 10_000_000, 20 }, { Engines.OpenSearch, 10_000_000, 20 } };

    [Theory, MemberData(nameof(Small))]
    public Task EverySequenceNumberIsThereOnceWhateverHappens(string engine, int events, int rounds) => RunAsync(engine, events, rounds);

    [Theory(Explicit = true), MemberData(nameof(Million)), Trait("Category", "Campaign")]
    public Task AMillionEvents(string engine, int events, int rounds) => RunAsync(engine, events, rounds);

    [Theory(Explicit = true), MemberData(nameof(TenMillion)), Trait("Category", "LongCampaign")]
    public Task TenMillionEvents(string engine, int events, int rounds) => RunAsync(engine, events, rounds);

    private async Task RunAsync(string engine, int events, int rounds)
    {
        Engines.SkipWithoutOwnEngine();
        await using var campaign = await FaultCampaign.StartAsync(engine, events);
        var world = campaign.World;
        await campaign.RunAsync(rounds, output.WriteLine);
        var log = Assert.Single(JournalDirectory.Logs(campaign.Journal));
        var files = new ShippingFiles(campaign.Journal, log.Id);
        await ShipRestAsync(world, files, log);

        var doubts = files.Doubts();
        var first = await ReconcileAsync(world, campaign.Journal, log, new ReconcileOptions { HashesOnly = events > 100_000, RemoveDoubled = true });
        var letters = files.DeadLetters().ToDictionary(letter => letter.Sequence);
        var last = await ReconcileAsync(world, campaign.Journal, log, new ReconcileOptions { HashesOnly = true });

        Tell(engine, campaign, first, last, doubts, letters.Count);
        Assert.All(first.Findings, finding => Assert.Contains(finding.Kind, (ReconcileFindingKind[])[ReconcileFindingKind.Doubled, ReconcileFindingKind.Envelope]));
        Assert.All(first.Findings.Where(finding => finding.Kind == ReconcileFindingKind.Doubled),
            finding => Assert.Contains(doubts, doubt => doubt.From <= finding.Sequence && finding.Sequence <= doubt.To));
        Assert.All(last.Findings, finding => Assert.True(finding.Kind == ReconcileFindingKind.Envelope && letters.ContainsKey(finding.Sequence), finding.ToString()));
        Assert.Equal(last.Events, last.Once + last.Findings.Count);
        Assert.Equal(last.Events, await Ask.CountAsync(world.Connection, world.Target.Search));
        Assert.InRange(last.Events, events, long.MaxValue);
        Assert.All(letters.Values, letter => Assert.Contains("campaign_strange", letter.Reason, StringComparison.Ordinal));
        Assert.NotEmpty(letters);
        Assert.Empty(files.Doubts());
        foreach (var fault in Enum.GetValues<Fault>().Where(fault => fault != Fault.None))
        {
            Assert.True(campaign.Counts.GetValueOrDefault("network: " + fault) > 0, $"{fault} never happened.");
        }

        Assert.All([403, 413, 429], status => Assert.Contains("answered " + status.ToString(CultureInfo.InvariantCulture), campaign.Counts.Keys));
        await OrderWasKeptAsync(world, log.Id, last.Events);
    }

    /// <summary>The application's last words.</summary>
    private static async Task ShipRestAsync(World world, ShippingFiles files, JournalLog log)
    {
        var shipper = new LogShippers(world.Connection, world.Options, world.Target).Of(files);
        using var reader = new JournalReader(log.Directory, shipper.Record.Bookmark);
        await shipper.ToEndAsync(reader.TryRead, null, default);
    }

    private static Task<ReconcileReport> ReconcileAsync(World world, string directory, JournalLog log, ReconcileOptions options) =>
        new Reconciler(world.Connection, world.Options, world.Target, options).RunAsync(directory, log);

    /// <summary>Batches follow each other: whoever was stored earlier in an index is not more than a batch younger.</summary>
    private static async Task OrderWasKeptAsync(World world, string id, long events)
    {
        for (var i = 1; i <= Samples; i++)
        {
            var sequence = events * i / (Samples + 1);
            var found = await Ask.JsonAsync(
                world.Connection, HttpMethod.Post, world.Target.Search + "/_search",
                $$"""{"query":{"bool":{"filter":[{"term":{"journal.id":"{{id}}"} },{"term":{"event.sequence":{{sequence}} } }] } },"seq_no_primary_term":"""
                + """true,"_source":false}""");
            var hit = Assert.Single(found["hits"]!["hits"]!.AsArray())!;
            var older = await Ask.JsonAsync(world.Connection, HttpMethod.Post, $"{hit["_index"]}/_count", new JsonObject
            {
                ["query"] = new JsonObject
                {
                    ["bool"] = new JsonObject
                    {
                        ["filter"] = new JsonArray(
                            new JsonObject { ["range"] = new JsonObject { ["event.sequence"] = new JsonObject { ["lte"] = sequence - BatchEvents } } },
                            new JsonObject { ["range"] = new JsonObject { ["_seq_no"] = new JsonObject { ["gt"] = (long)hit["_seq_no"]! } } }),
                    },
                },
            }.ToJsonString());
            Assert.Equal(0, (int)older["count"]!);
        }
    }

    private void Tell(string engine, FaultCampaign campaign, ReconcileReport first, ReconcileReport last, IReadOnlyList<DoubtfulRange> doubts, int letters)
    {
        output.WriteLine($"{engine}, {campaign.World.Target.Layout}: {last.Events} lines, {last.Once} once, {letters} dead letters with an envelope; "
            + $"{doubts.Count} doubtful ranges, {first.Findings.Count(finding => finding.Kind == ReconcileFindingKind.Doubled)} doubles removed");
        foreach (var (fault, count) in campaign.Counts)
        {
            output.WriteLine($"  {count,6}  {fault}");
        }

        foreach (var odd in first.Findings.Where(finding => finding.Kind != ReconcileFindingKind.Envelope).Take(20))
        {
            output.WriteLine("  " + odd);
        }
    }
}
