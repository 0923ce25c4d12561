using System.Globalization;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Setup;

namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>
/// Puts the saved objects into Kibana, or those of its own kind into OpenSearch Dashboards; what is there already stays as its owner left
/// it, unless told otherwise.
/// </summary>
internal sealed class KibanaImport(HttpClient client, ElasticsearchOptions options)
{
    public async Task<IReadOnlyList<SetupStep>> RunAsync(Uri url, bool overwrite, CancellationToken cancellationToken)
    {
        var (product, found) = await new ProductSearch(client, options).AskAsync(url, cancellationToken);
        if (product is not { } known)
        {
            return [new SetupStep("dashboards", SetupOutcome.Failed,
                $"{url}api/status answers {found}, which tells neither Kibana nor OpenSearch Dashboards. Check the address, its base path and the credentials.")];
        }

        var header = known == DashboardsProduct.Kibana ? "kbn-xsrf" : "osd-xsrf";
        var answer = await new NdjsonUpload(client, options).SendAsync(
            new Uri(url, "api/saved_objects/_import"), overwrite, header, "security-audit.ndjson", Ndjson(known), cancellationToken);
        return answer.IsSuccess
            ? Steps(known, JsonNode.Parse(answer.Body.Span)!)
            : [new SetupStep($"{Name(known)} objects", SetupOutcome.Failed, $"{url} answers {answer.Error}")];
    }

    /// <summary>What is sent to a product.</summary>
    public static string Ndjson(DashboardsProduct product) =>
        product == DashboardsProduct.Kibana ? KibanaObjects.Ndjson() : OpenSearchDashboardsObjects.Ndjson();

    private static string Name(DashboardsProduct product) => product == DashboardsProduct.Kibana ? "Kibana" : "OpenSearch Dashboards";

    private static List<SetupStep> Steps(DashboardsProduct product, JsonNode answer)
    {
        var steps = new List<SetupStep>();
        var created = (int?)answer["successCount"] ?? 0;
        if (created > 0)
        {
            var all = product == DashboardsProduct.Kibana ? KibanaObjects.All().Count() : OpenSearchDashboardsObjects.All().Count();
            steps.Add(new SetupStep($"{Name(product)} objects", SetupOutcome.Created, string.Create(CultureInfo.InvariantCulture, $"{created} of {all}")));
        }

        foreach (var error in answer["errors"]?.AsArray() ?? [])
        {
            var kept = (string?)error!["error"]?["type"] == "conflict";
            steps.Add(new SetupStep(
                $"{Name(product)} {error["type"]} {error["id"]}", kept ? SetupOutcome.Kept : SetupOutcome.Failed,
                kept ? "it is there already; --overwrite replaces it" : ErrorText.Clean(error["error"]?.ToJsonString() ?? "")));
        }

        return steps;
    }
}
