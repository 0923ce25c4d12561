using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Rules;
using SecurityAudit.Elasticsearch.Setup;
using SecurityAudit.Tool.Tests;

namespace SecurityAudit.Elasticsearch.Tests.Rules;

/// <summary>The rules on their way into other systems: by the set-up, and as files.</summary>
public sealed class RuleSetupTests(Engines engines)
{
    [Fact]
    public async Task DetectionRulesArePutIntoKibanaAndWhatIsThereStays()
    {
        await using var kibana = await DetectionEngine.StartAsync();
        using var client = new HttpClient();
        var rules = KibanaRules.Of(ExportedRules.WithOwn);
        Task<IReadOnlyList<SetupStep>> RunAsync(bool overwrite) =>
            new KibanaRuleImport(client, new ElasticsearchOptions { ApiKey = "id:secret" }).RunAsync(kibana.Url, rules, overwrite, TestContext.Current.CancellationToken);

        var first = await RunAsync(overwrite: false);
        Assert.DoesNotContain(first, step => step.Outcome == SetupOutcome.Failed);
        Assert.Equal(rules.Rules.Length, kibana.Rules.Count);
        Assert.Contains(first, step => step is { Outcome: SetupOutcome.Skipped } && step.Name.StartsWith("rule Impossible travel", StringComparison.Ordinal));

        Assert.Equal(rules.Rules.Length, (await RunAsync(overwrite: false)).Count(step => step.Outcome == SetupOutcome.Kept));
        Assert.Contains(await RunAsync(overwrite: true), step => step.Outcome == SetupOutcome.Created);
    }

    [Fact]
    public async Task TheSetUpPrintsRulesAndMonitorsWhenItIsAskedForThem()
    {
        var url = (await engines.UrlAsync(Engines.OpenSearch)).ToString();
        Task<ToolRun> RunAsync(params string[] more) => ToolRun.PipedAsync(["elasticsearch", "setup", "--url", url, "--namespace", Some.Namespace(), "--dry-run", .. more]);

        var rules = await RunAsync("--kibana-rules", "--kibana-url", "http://127.0.0.1:1");
        Assert.True(rules.ExitCode == 0, rules.Error);
        Assert.Contains("POST http://127.0.0.1:1/api/detection_engine/rules/_import", rules.Output, StringComparison.Ordinal);
        var monitors = await RunAsync("--monitors", "--honeytoken", "svc-backup");
        Assert.Contains("POST /_plugins/_alerting/monitors", monitors.Output, StringComparison.Ordinal);
        Assert.Contains("svc-backup", monitors.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("_alerting", (await RunAsync()).Output, StringComparison.Ordinal);

        var lacking = await ToolRun.PipedAsync("elasticsearch", "setup", "--url", url, "--dry-run", "--kibana-rules");
        Assert.Equal(2, lacking.ExitCode);
        Assert.Contains("expected --kibana-url beside it", lacking.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RulesAreExportedInEachFormFromWhatTheApplicationHas()
    {
        using var folder = new TemporaryFolder();
        string At(string name) => Path.Combine(folder.Path, name);
        Directory.CreateDirectory(At("rules"));
        File.WriteAllText(At("rules/own_probe.json"), """
            { "id": "own_probe", "name": "A probe", "description": "Somebody looks.", "alert": "{count}", "advice": "Look back.",
              "when": [ { "type": "threshold", "events": { "event.action": "http_*" }, "groupBy": ["source.ip"], "count": 9, "within": "00:05:00" } ] }
            """);
        File.WriteAllText(At("appsettings.json"), """
            { "SecurityAudit": { "Detection": { "RuleDirectory": "rules", "AdministratorRoles": ["Boss"], "Rules": { "brute_force": { "enabled": false } } } } }
            """);

        var run = await ToolRun.PipedAsync(
            "rules", "export", "--config", At("appsettings.json"), "--kibana", At("kibana.ndjson"), "--opensearch", At("monitors.ndjson"), "--sigma", At("sigma"));

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("left out: Impossible travel", run.Output, StringComparison.Ordinal);
        var rules = File.ReadAllLines(At("kibana.ndjson")).Select(line => JsonNode.Parse(line)!).ToDictionary(rule => (string)rule["rule_id"]!, StringComparer.Ordinal);
        Assert.Equal(9, (int)rules["security-audit-own-probe"]["threshold"]!["value"]!);
        Assert.DoesNotContain("security-audit-brute-force", rules.Keys);
        Assert.Contains("\"Boss\"", (string)rules["security-audit-new-source-for-administrator"]["query"]!, StringComparison.Ordinal);
        Assert.Contains(File.ReadAllLines(At("monitors.ndjson")), line => (string)JsonNode.Parse(line)!["name"]! == "SecurityAudit: A probe");
        Assert.True(File.Exists(At("sigma/security_audit_own_probe.yml")));

        File.WriteAllText(At("appsettings.json"), """{ "SecurityAudit": { "Detection": { "Rules": { "brute_force": { "when": [ { "count": 0 } ] } } } } }""");
        var refused = await ToolRun.PipedAsync("rules", "export", "--config", At("appsettings.json"), "--sigma", At("sigma"));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("count is 0, expected 1 to 256", refused.Error, StringComparison.Ordinal);
    }
}
