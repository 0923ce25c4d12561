using System.Globalization;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Setup;

namespace SecurityAudit.Elasticsearch.Rules;

/// <summary>Puts the detection rules into Kibana; what is there already stays as its owner left it, unless told otherwise.</summary>
internal sealed class KibanaRuleImport(HttpClient kibana, ElasticsearchOptions options)
{
    public async Task<IReadOnlyList<SetupStep>> RunAsync(Uri url, KibanaRules rules, bool overwrite, CancellationToken cancellationToken)
    {
        var answer = await new NdjsonUpload(kibana, options).SendAsync(
            new Uri(url, "api/detection_engine/rules/_import"), overwrite, "kbn-xsrf", "security-audit-rules.ndjson", rules.Ndjson(), cancellationToken);
        return answer.IsSuccess
            ? [.. Steps(JsonNode.Parse(answer.Body.Span)!, rules), .. MonitorSetup.LeftOut(rules.LeftOut)]
            : [new SetupStep("Kibana detection rules", SetupOutcome.Failed, $"{url} answers {answer.Error}")];
    }

    private static IEnumerable<SetupStep> Steps(JsonNode answer, KibanaRules rules)
    {
        if ((int?)answer["success_count"] is > 0 and var taken)
        {
            yield return new SetupStep(
                "Kibana detection rules", SetupOutcome.Created,
                string.Create(CultureInfo.InvariantCulture, $"{taken} of {rules.Rules.Length}, switched off: switch on those that you want"));
        }

        foreach (var error in answer["errors"]?.AsArray() ?? [])
        {
            var kept = (int?)error!["error"]?["status_code"] == 409;
            yield return new SetupStep(
                $"Kibana detection rule {error["rule_id"]}", kept ? SetupOutcome.Kept : SetupOutcome.Failed,
                kept ? "it is there already; --overwrite replaces it" : ErrorText.Clean((string?)error["error"]?["message"] ?? ""));
        }
    }
}
