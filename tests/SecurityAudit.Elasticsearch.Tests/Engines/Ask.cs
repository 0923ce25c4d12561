using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Setup;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>What tests ask an engine.</summary>
internal static class Ask
{
    public static async Task<JsonNode> JsonAsync(ElasticsearchConnection connection, HttpMethod method, string path, string body = "")
    {
        var answer = await connection.SendAsync(method, path, System.Text.Encoding.UTF8.GetBytes(body));
        return JsonNode.Parse(answer.Body.Span)!;
    }

    public static async Task RefreshAsync(ElasticsearchConnection connection, string index) =>
        await connection.SendAsync(HttpMethod.Post, index + "/_refresh");

    public static async Task<int> CountAsync(ElasticsearchConnection connection, string index)
    {
        await RefreshAsync(connection, index);
        return (int)(await JsonAsync(connection, HttpMethod.Get, index + "/_count"))["count"]!;
    }

    public static async Task<IReadOnlyList<SetupStep>> SetUpAsync(ElasticsearchConnection connection, ElasticsearchOptions options, SetupOptions? setup = null) =>
        await new ElasticsearchSetup(connection, options, setup ?? new SetupOptions()).RunAsync(TestContext.Current.CancellationToken);
}
