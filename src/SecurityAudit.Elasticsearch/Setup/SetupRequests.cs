using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Connection;

namespace SecurityAudit.Elasticsearch.Setup;

/// <summary>What setting up asks of an engine: sent, or printed instead.</summary>
internal sealed class SetupRequests(ElasticsearchConnection connection, SetupOptions setup)
{
    public Task<Response> GetAsync(string path, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Get, path, cancellationToken: cancellationToken);

    public Task<Response> PutAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Put, path, JsonBody.Of(body), cancellationToken);

    /// <summary>Prints a request where it is not to be sent; false where it is.</summary>
    public bool IsPrinted(HttpMethod method, string path, JsonObject? body)
    {
        setup.Print?.Invoke($"{method} /{path}");
        if (body is not null)
        {
            setup.Print?.Invoke(Encoding.UTF8.GetString(JsonBody.Of(body, new JsonWriterOptions { Indented = true }).Span));
        }

        setup.Print?.Invoke("");
        return setup.DryRun;
    }
}
