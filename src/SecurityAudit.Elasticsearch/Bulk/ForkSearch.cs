using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Journal;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Bulk;

/// <summary>Asks whether a log has forked, with credentials that may read.</summary>
/// <remarks>
/// A copy that goes on begins a segment, and each segment begins with <c>journal.opened</c>: so of all sequence numbers only those of such
/// lines are looked at, which are few. <c>reconcile</c> looks at every one.
/// </remarks>
internal sealed class ForkSearch(ElasticsearchConnection connection, string search)
{
    private const int MostOpenings = 10_000;
    private const int MostForks = 100;

    /// <summary>The forks among the newest segments of a log; null when these credentials may not look.</summary>
    /// <exception cref="IOException">The engine does not answer as it should.</exception>
    public async Task<IReadOnlyList<Fork>?> FindAsync(string logId, CancellationToken cancellationToken)
    {
        var openings = await AskAsync(logId, new JsonObject { ["term"] = new JsonObject { [JournalFields.Action.Name] = ControlAction.Opened } },
            new JsonObject { ["field"] = JournalFields.Sequence.Name, ["size"] = MostOpenings, ["order"] = new JsonObject { ["_key"] = "desc" } }, cancellationToken);
        return openings is null ? null : await FindAsync(logId, [.. openings.Select(bucket => bucket.GetProperty("key").GetInt64())], cancellationToken);
    }

    /// <summary>The forks at these sequence numbers; null when these credentials may not look.</summary>
    /// <exception cref="IOException">The engine does not answer as it should.</exception>
    public async Task<IReadOnlyList<Fork>?> FindAsync(string logId, IReadOnlyCollection<long> sequences, CancellationToken cancellationToken)
    {
        if (sequences.Count == 0)
        {
            return [];
        }

        var numbers = new JsonArray([.. sequences.Select(sequence => JsonValue.Create(sequence))]);
        var doubled = await AskAsync(
            logId,
            new JsonObject { ["terms"] = new JsonObject { [JournalFields.Sequence.Name] = numbers } },
            new JsonObject { ["field"] = JournalFields.Sequence.Name, ["size"] = MostForks, ["min_doc_count"] = 2, ["order"] = new JsonObject { ["_key"] = "asc" } },
            cancellationToken);
        return doubled is null ? null : [.. doubled.Select(bucket => Read(logId, bucket)).Where(fork => fork.Hashes.Count > 1)];
    }

    private async Task<List<JsonElement>?> AskAsync(string logId, JsonObject filter, JsonObject terms, CancellationToken cancellationToken)
    {
        var ofTheLog = new JsonObject { ["term"] = new JsonObject { [JournalFields.LogId.Name] = logId } };
        var query = new JsonObject
        {
            ["size"] = 0,
            ["query"] = new JsonObject { ["bool"] = new JsonObject { ["filter"] = new JsonArray(ofTheLog, filter) } },
            ["aggs"] = new JsonObject
            {
                ["sequences"] = new JsonObject
                {
                    ["terms"] = terms,
                    ["aggs"] = new JsonObject { ["hashes"] = new JsonObject { ["terms"] = new JsonObject { ["field"] = JournalFields.Hash.Name, ["size"] = 10 } } },
                },
            },
        };
        var answer = await connection.SendAsync(HttpMethod.Post, search + "/_search?ignore_unavailable=true", JsonBody.Of(query), cancellationToken);
        if (answer.Status is 401 or 403)
        {
            return null;
        }

        if (!answer.IsSuccess)
        {
            throw new IOException($"{connection.Node} answers {answer.Error} when asked about forks in {search}.");
        }

        try
        {
            using var json = answer.Json();
            return json.RootElement.TryGetProperty("aggregations", out var found)
                ? [.. found.GetProperty("sequences").GetProperty("buckets").EnumerateArray().Select(bucket => bucket.Clone())]
                : []; // no index matched
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new IOException($"{connection.Node} gave an answer about forks in {search} that cannot be read: {error.Message}", error);
        }
    }

    private static Fork Read(string logId, JsonElement bucket) =>
        new(
            logId, bucket.GetProperty("key").GetInt64(),
            [.. bucket.GetProperty("hashes").GetProperty("buckets").EnumerateArray().Select(hash => hash.GetProperty("key").GetString()!)]);
}
