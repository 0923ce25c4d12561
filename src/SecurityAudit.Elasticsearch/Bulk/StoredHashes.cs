using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Bulk;

/// <summary>
/// Looks up what is stored under ids, where the key may read; a key that may only create is asked once and then left alone.
/// </summary>
internal sealed class StoredHashes(ElasticsearchConnection connection)
{
    private bool _mayRead = true;

    /// <summary>The hash by id, of those that can be found now; null when this key may not look, or nobody answers.</summary>
    public async Task<Dictionary<string, string>?> FindAsync(string index, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        if (!_mayRead)
        {
            return null;
        }

        var query = new JsonObject
        {
            ["query"] = new JsonObject { ["ids"] = new JsonObject { ["values"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) } },
            ["_source"] = false,
            ["docvalue_fields"] = new JsonArray(JournalFields.Hash.Name),
            ["size"] = ids.Count,
        };
        try
        {
            var answer = await connection.SendAsync(HttpMethod.Post, index + "/_search", JsonBody.Of(query), cancellationToken);
            if (answer.Status is 401 or 403)
            {
                _mayRead = false;
            }

            return answer.IsSuccess ? Read(answer) : null;
        }
        catch (Exception error) when (error is NoResponseException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null; // reconcile can ask again at any time
        }
    }

    private static Dictionary<string, string> Read(Response answer)
    {
        using var json = answer.Json();
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var hit in json.RootElement.GetProperty("hits").GetProperty("hits").EnumerateArray())
        {
            if (hit.TryGetProperty("fields", out var fields) && fields.TryGetProperty(JournalFields.Hash.Name, out var hash))
            {
                found[hit.GetProperty("_id").GetString()!] = hash[0].GetString()!;
            }
        }

        return found;
    }
}
