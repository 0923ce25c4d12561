using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Kibana;
using SecurityAudit.Elasticsearch.Kibana.Pages;
using SecurityAudit.Elasticsearch.Tests.Panels;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>
/// What the panels of both products ask, and their answers on both engines over events that the real write path recorded and the host
/// shipped.
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
        await EventuallyAsync(async () => await CountAsync(world, Queries.Checkpoints) > 0);

        var empty = new List<string>();
        foreach (var (panel, answer) in SavedPanels.All.Zip(await PanelAnswer.AskAllAsync(world, SavedPanels.All)))
        {
            if ((int)answer["hits"]!["total"]!["value"]! == 0 || (panel.Buckets.Count > 0 && answer["aggregations"]!["by"]!["buckets"]!.AsArray().Count == 0))
            {
                empty.Add(panel.Where);
            }
        }

        foreach (var search in Searches.All)
        {
            if (await CountAsync(world, search.Query) == 0)
            {
                empty.Add(search.Id);
            }
        }

        Assert.Empty(empty);
    }

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task ANumberIsComparedWithTheSameTimeAWeekBefore(string engine)
    {
        using var world = await World.CreateAsync(engines, engine);
        for (var days = 0; days < 10; days++)
        {
            for (var i = 0; i <= days; i++)
            {
                await world.IndexAsync($"{days}-{i}", new JsonObject
                {
                    ["@timestamp"] = DateTimeOffset.UtcNow.AddDays(-days).AddHours(-12).ToString("O"),
                    ["event.action"] = "authn_login_fail",
                }.ToJsonString());
            }
        }

        await Ask.RefreshAsync(world.Connection, world.Target.Search);
        var failed = SavedPanels.OfKibana.First(panel => panel.Title == "Failed sign-ins");
        Assert.Equal([null, TimeSpan.FromDays(7)], failed.Metrics.Select(metric => metric.Shift));
        Assert.Equal("a week before", failed.Metrics[1].Heading);
        Assert.Equal(1, await AtAsync(TimeSpan.Zero));
        Assert.Equal(8, await AtAsync(failed.Metrics[1].Shift!.Value));

        async Task<int> AtAsync(TimeSpan shift) => (int)(await PanelAnswer.AskAsync(world, failed, shift))["hits"]!["total"]!["value"]!;
    }

    /// <summary>Neither product shows a row for what lacks an address or a number: there the query asks for the field.</summary>
    [Fact]
    public void EveryEventThatAPanelCountsHasARowInIt() =>
        Assert.All(SavedPanels.All.SelectMany(panel => panel.Buckets.Where(buckets => buckets.Size is not null).Select(buckets => (panel, buckets))), item =>
        {
            Assert.True(item.buckets.Other, $"{item.panel.Where} drops what is beyond {item.buckets.Size} values of {item.buckets.Field}.");
            Assert.True(
                item.buckets.Missing || item.panel.Query.Contains($"{item.buckets.Field} : *", StringComparison.Ordinal),
                $"{item.panel.Where} drops events without {item.buckets.Field}.");
        });

    [Theory]
    [InlineData(Queries.Failed, "authn_login_fail", "event", true)]
    [InlineData(Queries.Failed, "authn_mfa_fail", "event", true)]
    [InlineData(Queries.Failed, "authn_login_lock", "event", false)]
    [InlineData(Queries.Failed, "authn_credential_invalid", "event", false)]
    [InlineData(Queries.Credentials, "authn_credential_invalid", "event", true)]
    [InlineData(Queries.Alerts, "alert_password_spraying", "alert", true)]
    [InlineData(Queries.Alerts, "alert_summary", "event", false)]
    [InlineData(Queries.Alerts, "alert_resolved", "event", false)]
    [InlineData(Queries.Attacks, "malicious_csrf", "event", true)]
    [InlineData(Queries.Attacks, "alert_password_spraying", "alert", false)]
    [InlineData(Queries.Attacks, "alert_summary", "event", false)]
    [InlineData(Queries.Attacks, "alert_resolved", "event", false)]
    [InlineData(Queries.Attacks, "audit_gap", "event", false)]
    public void AFailedSignInIsNoLockAndAnAttackIsCountedOnce(string query, string action, string kind, bool isCounted)
    {
        var line = new JsonObject { ["event.action"] = action, ["event.kind"] = kind, ["event.category"] = new JsonArray("intrusion_detection", "authentication") };

        Assert.Equal(isCounted, Kuery.Parse(query).Matches(line));
    }

    /// <summary>But that something is not covered: there is a panel of its own for that.</summary>
    [Fact]
    public void WhateverTheRuleAboutTheAuditsHealthWatchesIsATroubleOnThePage()
    {
        var rule = JsonNode.Parse(File.ReadAllText(Path.Combine(Quickstart.Repository, "src", "SecurityAudit", "Detection", "Rules", "audit_health.json")))!;
        var watched = Actions(rule).Where(action => action != "audit_coverage").Distinct(StringComparer.Ordinal).ToList();

        Assert.True(watched.Count > 5, string.Join(", ", watched));
        Assert.All(watched, action => Assert.True(Kuery.Parse(Queries.Troubles).Matches(new JsonObject { ["event.action"] = action }), action));
    }

    [Fact]
    public void NamesThatNoAccountHasAreCountedAsThoseThatOneHas()
    {
        foreach (var panels in new[] { SavedPanels.OfKibana, SavedPanels.OfOpenSearchDashboards })
        {
            Assert.Equal("user.hash", panels.Single(panel => panel.Title == "Names that failed").Metrics[0].Field);
            Assert.Equal("user.hash", panels.Single(panel => panel.Title == "Failed sign-ins by name, known or not").Buckets[0].Field);
        }
    }

    /// <summary>The smallest time within the page's time is when somebody was first seen on that page, and no more.</summary>
    [Fact]
    public void WhereAPanelSaysFirstSeenItLooksBackFurtherThanThePageAndItsTitleSaysHowFar() =>
        Assert.All(SavedPanels.All.Where(panel => panel.Metrics.Any(metric => metric.Heading == "First seen")), panel =>
        {
            Assert.Equal("now-90d", panel.From);
            Assert.EndsWith("in 90 days", panel.Title, StringComparison.Ordinal);
            Assert.Equal(("max", "@timestamp"), (panel.Metrics[0].Operation, panel.Metrics[0].Field)); // the order is by when they were seen last
        });

    [Fact]
    public void BothProductsAskTheSame()
    {
        var kibana = SavedPanels.OfKibana.Select(Asked).ToList();

        Assert.Equal(kibana, SavedPanels.OfOpenSearchDashboards.Select(Asked));
        Assert.True(kibana.Count > 60);

        static string Asked(SavedPanel panel) => string.Join(
            " | ", (string[])[panel.Title, panel.Query, panel.From ?? "", .. panel.Buckets.Select(buckets => buckets.ToString()),
            .. panel.Metrics.Where(metric => metric.Shift is null).Select(metric => metric.ToString())]);
    }

    private static IEnumerable<string> Actions(JsonNode node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => field is { Key: "event.action", Value: JsonArray actions }
            ? actions.Select(action => (string)action!)
            : field.Value is null ? [] : Actions(field.Value)),
        JsonArray items => items.SelectMany(item => Actions(item!)),
        _ => [],
    };

    private static async Task<int> CountAsync(World world, string query)
    {
        await Ask.RefreshAsync(world.Connection, world.Target.Search);
        var body = new JsonObject { ["query"] = Kuery.Parse(query).Query };
        return (int)(await Ask.JsonAsync(world.Connection, HttpMethod.Post, world.Target.Search + "/_count", body.ToJsonString()))["count"]!;
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
