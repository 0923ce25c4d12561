using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Connection;

namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>Which product answers at an address: Kibana names itself in a header, the other has a version of its own.</summary>
internal sealed class ProductSearch(HttpClient client, ElasticsearchOptions options)
{
    private const string KibanaHeader = "kbn-name";

    /// <summary>OpenSearch Dashboards counts from 1 again, and it split off from Kibana 7.</summary>
    private const int FirstOfKibanaOnly = 7;

    /// <returns>The product, or null and what was found instead.</returns>
    /// <exception cref="HttpRequestException">Nobody answers.</exception>
    public async Task<(DashboardsProduct? Product, string Found)> AskAsync(Uri url, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "api/status"));
        request.Headers.Authorization = Credentials.Authorization(options);
        using var response = await client.SendAsync(request, cancellationToken);
        if (response.Headers.Contains(KibanaHeader))
        {
            return (DashboardsProduct.Kibana, "");
        }

        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (Version(body) is { } version)
        {
            return (version < FirstOfKibanaOnly ? DashboardsProduct.OpenSearchDashboards : DashboardsProduct.Kibana, "");
        }

        return (null, new Response((int)response.StatusCode, body).Error);
    }

    private static int? Version(byte[] body)
    {
        try
        {
            var number = (JsonNode.Parse(body)?["version"]?["number"] as JsonValue)?.GetValue<JsonElement>();
            return number is { ValueKind: JsonValueKind.String } text && System.Version.TryParse(text.GetString()!.Split('-')[0], out var version) ? version.Major : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // a page for people, a proxy's say
        }
    }
}
