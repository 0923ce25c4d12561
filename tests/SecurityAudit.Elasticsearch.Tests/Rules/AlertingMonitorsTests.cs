using System.Text.Json.Nodes;
using SecurityAudit.Detection;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Rules;
using SecurityAudit.Elasticsearch.Setup;
using SecurityAudit.Elasticsearch.Tests.AcrossNodes;

namespace SecurityAudit.Elasticsearch.Tests.Rules;

/// <summary>The rules as OpenSearch's Alerting takes them: its searches run on the real engine, its calls on a strict double.</summary>
public sealed class AlertingMonitorsTests(Engines engines)
{
    [Fact]
    public async Task MonitorsAreMadeOnceSwitchedOffAndReplacedOnlyWhenAsked()
    {
        await using var plugin = await AlertingPlugin.StartAsync();
        using var connection = new ElasticsearchConnection(Some.Options(plugin.Url));
        var monitors = AlertingMonitors.Of(ExportedRules.WithOwn);
        Task<IReadOnlyList<SetupStep>> RunAsync(bool overwrite) =>
            new MonitorSetup(connection, new SetupOptions { Overwrite = overwrite }).RunAsync(monitors, TestContext.Current.CancellationToken);

        var first = await RunAsync(overwrite: false);
        Assert.Equal(monitors.Monitors.Length, first.Count(step => step.Outcome == SetupOutcome.Created));
        Assert.DoesNotContain(first, step => step.Outcome == SetupOutcome.Failed);
        Assert.All(plugin.Monitors.Values, monitor => Assert.False((bool)monitor.Monitor["enabled"]!));
        var (id, (spray, _)) = plugin.Monitors.Single(monitor => (string)monitor.Value.Monitor["name"]! == "SecurityAudit: Password spraying");
        spray["enabled"] = true;
        spray["triggers"]![0]!["bucket_level_trigger"]!["actions"] = new JsonArray(new JsonObject { ["name"] = "page" });

        Assert.Equal(monitors.Monitors.Length, (await RunAsync(overwrite: false)).Count(step => step.Outcome == SetupOutcome.Kept));
        Assert.Equal(monitors.Monitors.Length, (await RunAsync(overwrite: true)).Count(step => step.Outcome == SetupOutcome.Updated));

        Assert.Equal(monitors.Monitors.Length, plugin.Monitors.Count);
        Assert.True((bool)plugin.Monitors[id].Monitor["enabled"]!);
        Assert.Equal("page", (string)plugin.Monitors[id].Monitor["triggers"]![0]!["bucket_level_trigger"]!["actions"]![0]!["name"]!);
    }

    [Fact]
    public async Task AnEngineWithoutAlertingIsSaid()
    {
        using var connection = new ElasticsearchConnection(Some.Options(await engines.UrlAsync(Engines.OpenSearch)));

        var steps = await new MonitorSetup(connection, new SetupOptions()).RunAsync(AlertingMonitors.Of(ExportedRules.BuiltIn), TestContext.Current.CancellationToken);

        Assert.Equal(SetupOutcome.Skipped, Assert.Single(steps).Outcome);
        Assert.Contains("opensearch-alerting", steps[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSearchesOfMonitorsFindTheAttacksOfTheHour()
    {
        using var shop = await ShopOfNodes.OpenAsync(engines, Engines.OpenSearch, AttackHour.Events());
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var monitor in AlertingMonitors.Of(ExportedRules.BuiltIn with { Rules = [.. ExportedRules.BuiltIn.Rules, ExportedRules.Own] }).Monitors)
        {
            var id = (string)monitor["triggers"]![0]!.AsObject().Single().Value!["id"]!;
            if (await FindsAsync(shop, monitor))
            {
                found.Add(id["security-audit-".Length..]);
            }
        }

        Assert.Equal(
            ["attack-tool", "audit-health", "brute-force", "credential-stuffing", "distributed-brute-force", "forced-browsing", "forged-request", "honeytoken", "lockout-storm",
                "mass-change",
                "password-spraying", "privilege-escalation", "session-reuse"],
            found);
    }

    [Fact]
    public void WhatAlertingHasNoMonitorForIsLeftOutAndTold()
    {
        var made = AlertingMonitors.Of(ExportedRules.BuiltIn);

        Assert.Equal(RuleForm.Of(ExportedRules.BuiltIn.Rules).Count(form => form.Condition is not ThresholdCondition), made.LeftOut.Length);
        Assert.Equal(
            ["bucket_level_monitor", "doc_level_monitor", "query_level_monitor"],
            made.Monitors.Select(monitor => (string)monitor["monitor_type"]!).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>Look after look, as the plugin fills in the end of its period, and by the limits that stand in its script.</summary>
    private static async Task<bool> FindsAsync(ShopOfNodes shop, JsonObject monitor)
    {
        if (monitor["inputs"]![0]!["doc_level_input"] is { } documents)
        {
            var query = new JsonObject { ["query"] = new JsonObject { ["query_string"] = new JsonObject { ["query"] = (string)documents["queries"]![0]!["query"]! } } };
            return (int)(await Ask.JsonAsync(shop.World.Connection, HttpMethod.Post, shop.World.Target.Search + "/_count", query.ToJsonString()))["count"]! > 0;
        }

        var trigger = monitor["triggers"]![0]!.AsObject().Single().Value!;
        var limits = ((string)trigger["condition"]!["script"]!["source"]!).Split(">= ").Skip(1)
            .Select(limit => int.Parse(limit.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        var interval = (int)monitor["schedule"]!["period"]!["interval"]!;
        var search = monitor["inputs"]![0]!["search"]!["query"]!.ToJsonString();
        var looks = Enumerable.Range(1, 60 / interval).Select(look => AttackHour.Begin.AddMinutes(look * interval).ToUnixTimeMilliseconds())
            .Select(end => "{}\n" + search.Replace("{{period_end}}", $"{end}", StringComparison.Ordinal) + "\n");
        var answers = await shop.World.Connection.SendLinesAsync(shop.World.Target.Search + "/_msearch", System.Text.Encoding.UTF8.GetBytes(string.Concat(looks)));
        return JsonNode.Parse(answers.Body.Span)!["responses"]!.AsArray().Any(answer => answer!["aggregations"]!["composite_agg"] is { } groups
            ? groups["buckets"]!.AsArray().Any(bucket => (int)bucket!["doc_count"]! >= limits[0] && (limits.Count == 1 || (int)bucket["distinct"]!["value"]! >= limits[1]))
            : (int)answer["hits"]!["total"]!["value"]! >= limits[0] && (limits.Count == 1 || (int)answer["aggregations"]!["distinct"]!["value"]! >= limits[1]));
    }
}
