using System.CommandLine;
using SecurityAudit.Elasticsearch;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Rules;
using SecurityAudit.Elasticsearch.Setup;
using SecurityAudit.Tool.Rules;

namespace SecurityAudit.Tool.Elasticsearch;

/// <summary>
/// What <c>elasticsearch setup</c> does with rules when it is asked to: detection rules into Kibana, monitors into OpenSearch.
/// </summary>
internal sealed class RuleSetup
{
    private readonly RuleOptions _rules = new();
    private readonly Option<bool> _kibanaRules = new("--kibana-rules")
    {
        Description = "Also puts the rules as detection rules into Kibana (Elastic Security), switched off; with --kibana-url.",
    };
    private readonly Option<bool> _monitors = new("--monitors") { Description = "Also puts the rules as monitors into OpenSearch's Alerting, switched off." };

    public void AddTo(Command command)
    {
        command.Options.Add(_kibanaRules);
        command.Options.Add(_monitors);
        _rules.AddTo(command);
    }

    public async Task<IReadOnlyList<SetupStep>> RunAsync(
        ParseResult parsed, ElasticsearchConnection connection, ElasticsearchOptions options, SetupOptions setUp, Uri? kibana, CancellationToken cancellationToken)
    {
        List<SetupStep> steps = [];
        if (parsed.GetValue(_kibanaRules))
        {
            var rules = KibanaRules.Of(_rules.Read(parsed));
            steps.AddRange(kibana is null ? throw new FormatException("--kibana-rules names no Kibana, expected --kibana-url beside it.")
                : setUp.DryRun ? Printed(setUp, $"POST {kibana}api/detection_engine/rules/_import\n{rules.Ndjson()}")
                : await ImportAsync(kibana, rules, options, setUp, cancellationToken));
        }

        if (parsed.GetValue(_monitors))
        {
            var monitors = AlertingMonitors.Of(_rules.Read(parsed));
            var distribution = setUp.DryRun ? ElasticsearchDistribution.OpenSearch : (await BulkTarget.FindAsync(connection, options, cancellationToken)).Distribution;
            steps.AddRange(distribution == ElasticsearchDistribution.OpenSearch
                ? await new MonitorSetup(connection, setUp).RunAsync(monitors, cancellationToken)
                : [new SetupStep("monitors", SetupOutcome.Skipped, "this is Elasticsearch: --kibana-rules is for it")]);
        }

        return steps;
    }

    private static IEnumerable<SetupStep> Printed(SetupOptions setUp, string request)
    {
        setUp.Print!(request);
        return [];
    }

    private static async Task<IReadOnlyList<SetupStep>> ImportAsync(
        Uri kibana, KibanaRules rules, ElasticsearchOptions options, SetupOptions setUp, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = options.RequestTimeout };
        return await new KibanaRuleImport(client, options).RunAsync(kibana, rules, setUp.Overwrite, cancellationToken);
    }
}
