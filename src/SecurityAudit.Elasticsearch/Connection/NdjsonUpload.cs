using System.Text;

namespace SecurityAudit.Elasticsearch.Connection;

/// <summary>Gives Kibana or OpenSearch Dashboards a file of one JSON object a line to import.</summary>
internal sealed class NdjsonUpload(HttpClient client, ElasticsearchOptions options)
{
    /// <param name="address">Of the import.</param>
    /// <param name="overwrite">Replaces what is there.</param>
    /// <param name="header">Without which the product takes nothing: no page of another site can send it.</param>
    /// <param name="name">Of the file.</param>
    /// <param name="ndjson">What stands in it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Response> SendAsync(Uri address, bool overwrite, string header, string name, string ndjson, CancellationToken cancellationToken)
    {
        using var file = new StringContent(ndjson, Encoding.UTF8, "application/ndjson");
        using var form = new MultipartFormDataContent { { file, "file", name } };
        using var request = new HttpRequestMessage(HttpMethod.Post, overwrite ? new Uri(address + "?overwrite=true") : address) { Content = form };
        request.Headers.Add(header, "true");
        request.Headers.Authorization = Credentials.Authorization(options);
        using var response = await client.SendAsync(request, cancellationToken);
        return new Response((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }
}
