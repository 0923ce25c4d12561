using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Setup;

namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>Puts the saved objects into Kibana; what is there already stays as its owner left it, unless told otherwise.</summary>
internal sealed class KibanaImport(HttpClient kibana, ElasticsearchOptions options)
{
    public async Task<IReadOnlyList<SetupStep>> RunAsync(Uri url, bool overwrite, CancellationToken cancellationToken)
    {
        using var file = new StringContent(KibanaObjects.Ndjson(), Encoding.UTF8, "application/ndjson");
        using var form = new MultipartFormDataContent { { file, "file", "security-audit.ndjson" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, "api/saved_objects/_import" + (overwrite ? "?overwrite=true" : ""))) { Content = form };
        request.Headers.Add("kbn-xsrf", "true");
        request.Headers.Authorization = Credentials.Authorization(options);
        using var response = await kibana.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return [new SetupStep("Kibana objects", SetupOutcome.Failed, $"{url} answers {new Response((int)response.StatusCode, body).Error}")];
        }

        return Steps(JsonNode.Parse(body)!);
    }

    private static List<SetupStep> Steps(JsonNode answer)
    {
        var steps = new List<SetupStep>();
        var created = (int?)answer["successCount"] ?? 0;
        if (created > 0)
        {
            steps.Add(new SetupStep("Kibana objects", SetupOutcome.Created, string.Create(CultureInfo.InvariantCulture, $"{created} of {KibanaObjects.All().Count()}")));
        }

        foreach (var error in answer["errors"]?.AsArray() ?? [])
        {
            var kept = (string?)error!["error"]?["type"] == "conflict";
            steps.Add(new SetupStep(
                $"Kibana {error["type"]} {error["id"]}", kept ? SetupOutcome.Kept : SetupOutcome.Failed,
                kept ? "it is there already; --overwrite replaces it" : ErrorText.Clean(error["error"]?.ToJsonString() ?? "")));
        }

        return steps;
    }
}
