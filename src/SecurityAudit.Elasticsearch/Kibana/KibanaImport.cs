using System.Globalization;
using System.Text;
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

        using var file = new StringContent(Ndjson(known), Encoding.UTF8, "application/ndjson");
        using var form = new MultipartFormDataContent { { file, "file", "security-audit.ndjson" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, "api/saved_objects/_import" + (overwrite ? "?overwrite=true" : ""))) { Content = form };
        request.Headers.Add(known == DashboardsProduct.Kibana ? "kbn-xsrf" : "osd-xsrf", "true");
        request.Headers.Authorization = Credentials.Authorization(options);
        using var response = await client.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? Steps(known, JsonNode.Parse(body)!)
            : [new SetupStep($"{Name(known)} objects", SetupOutcome.Failed, $"{url} answers {new Response((int)response.StatusCode, body).Error}")];
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
