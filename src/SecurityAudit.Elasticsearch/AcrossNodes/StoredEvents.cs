using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Rules;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.AcrossNodes;

/// <summary>The events of all nodes in the order of time, as the engine has them at one moment.</summary>
/// <remarks>The engine orders by milliseconds; within one, events are put in order here, by the whole of their time, the log and the
/// number.</remarks>
internal sealed class StoredEvents(ElasticsearchConnection connection, BulkTarget target, JsonObject wanted)
{
    /// <summary>Events of one millisecond that are put in order; more than that stay as the engine has them.</summary>
    private const int MostAtOnce = 10_000;

    private const string KeepAlive = "2m";

    private int _page = 1000;

    /// <summary>How many there are in a time.</summary>
    public async Task<long> CountAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["query"] = Query(from, to) };
        using var json = await AnswerAsync(HttpMethod.Post, target.Search + "/_count?ignore_unavailable=true", body, cancellationToken);
        return json.RootElement.GetProperty("_shards").GetProperty("failed").GetInt32() == 0
            ? json.RootElement.GetProperty("count").GetInt64()
            : throw new IOException($"{connection.Node} cannot count all events in {target.Search}: some of its shards do not answer.");
    }

    public async IAsyncEnumerable<StoredLine> ReadAsync(DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<StoredLine> sameMoment = [];
        await foreach (var line in InOrderAsync(from, to, cancellationToken))
        {
            if (sameMoment.Count > 0 && (sameMoment[0].At.ToUnixTimeMilliseconds() != line.At.ToUnixTimeMilliseconds() || sameMoment.Count == MostAtOnce))
            {
                foreach (var earlier in Ordered(sameMoment))
                {
                    yield return earlier;
                }

                sameMoment.Clear();
            }

            sameMoment.Add(line);
        }

        foreach (var last in Ordered(sameMoment))
        {
            yield return last;
        }
    }

    private static IEnumerable<StoredLine> Ordered(List<StoredLine> lines)
    {
        StoredLine? before = null;
        foreach (var line in lines.OrderBy(line => line.At).ThenBy(line => line.LogId, StringComparer.Ordinal).ThenBy(line => line.Sequence))
        {
            yield return before is not null && line.Sequence >= 0 && line.Sequence == before.Sequence && line.LogId == before.LogId ? line with { IsCopy = true } : line;
            before = line;
        }
    }

    private async IAsyncEnumerable<StoredLine> InOrderAsync(DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var moment = await OpenAsync(cancellationToken);
        try
        {
            JsonArray? after = null;
            do
            {
                using var json = await PageAsync(moment, Query(from, to), after, cancellationToken);
                moment = json.RootElement.TryGetProperty("pit_id", out var renewed) ? renewed.GetString()! : moment;
                after = null;
                foreach (var hit in json.RootElement.GetProperty("hits").GetProperty("hits").EnumerateArray())
                {
                    var sort = hit.GetProperty("sort");
                    after = JsonNode.Parse(sort.GetRawText())!.AsArray();
                    yield return Read(hit, sort);
                }
            }
            while (after is not null);
        }
        finally
        {
            await CloseAsync(moment);
        }
    }

    /// <summary>An answer may be longer than what is taken at once: then less is asked for.</summary>
    private async Task<JsonDocument> PageAsync(string moment, JsonObject query, JsonArray? after, CancellationToken cancellationToken)
    {
        while (true)
        {
            var body = new JsonObject
            {
                ["pit"] = new JsonObject { ["id"] = moment, ["keep_alive"] = KeepAlive },
                ["query"] = query.DeepClone(),
                ["size"] = _page,
                ["track_total_hits"] = false,
                ["sort"] = new JsonArray(
                    new JsonObject { [JournalFields.Timestamp.Name] = "asc" },
                    new JsonObject { [JournalFields.LogId.Name] = new JsonObject { ["order"] = "asc", ["missing"] = "_last" } },
                    new JsonObject { [JournalFields.Sequence.Name] = new JsonObject { ["order"] = "asc", ["missing"] = "_last" } }),
            };
            if (after is not null)
            {
                body["search_after"] = after.DeepClone();
            }

            try
            {
                return await AnswerAsync(HttpMethod.Post, "_search?allow_partial_search_results=false", body, cancellationToken);
            }
            catch (NoResponseException) when (_page > 100)
            {
                _page /= 4;
            }
        }
    }

    private async Task<string> OpenAsync(CancellationToken cancellationToken)
    {
        var path = target.Distribution == ElasticsearchDistribution.Elasticsearch ? "/_pit" : "/_search/point_in_time";
        using var json = await AnswerAsync(HttpMethod.Post, $"{target.Search}{path}?keep_alive={KeepAlive}", null, cancellationToken);
        return json.RootElement.GetProperty(target.Distribution == ElasticsearchDistribution.Elasticsearch ? "id" : "pit_id").GetString()!;
    }

    private async Task CloseAsync(string moment)
    {
        try
        {
            await (target.Distribution == ElasticsearchDistribution.Elasticsearch
                ? connection.SendAsync(HttpMethod.Delete, "_pit", JsonBody.Of(new JsonObject { ["id"] = moment }))
                : connection.SendAsync(HttpMethod.Delete, "_search/point_in_time", JsonBody.Of(new JsonObject { ["pit_id"] = new JsonArray(moment) })));
        }
        catch (NoResponseException)
        {
            return; // the engine forgets it by itself
        }
    }

    private JsonObject Query(DateTimeOffset from, DateTimeOffset to) => PatternQuery.All(PatternQuery.Between(from, to), wanted.DeepClone().AsObject());

    private static StoredLine Read(JsonElement hit, JsonElement sort)
    {
        var utf8 = JsonMarshal.GetRawUtf8Value(hit.GetProperty("_source")).ToArray();
        var at = LineFields.Timestamp(utf8) ?? DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds(sort[0]));
        return new StoredLine(
            at, sort[1].ValueKind == JsonValueKind.String ? sort[1].GetString()! : "",
            sort[2].ValueKind == JsonValueKind.Number && sort[2].TryGetInt64(out var sequence) && sequence != long.MaxValue ? sequence : -1, utf8);
    }

    private static long Milliseconds(JsonElement sort) =>
        sort.ValueKind == JsonValueKind.Number ? sort.GetInt64() : long.Parse(sort.GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private async Task<JsonDocument> AnswerAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        var answer = await connection.SendAsync(method, path, body is null ? default : JsonBody.Of(body), cancellationToken);
        if (!answer.IsSuccess)
        {
            throw new IOException(
                $"{connection.Node} answers {answer.Error} when asked for the events in {target.Search}. "
                + "Detecting needs credentials that may read it, and events that were shipped there; --namespace says which.");
        }

        try
        {
            return answer.Json();
        }
        catch (JsonException fault)
        {
            throw new IOException($"{connection.Node} answers, but not in JSON, when asked for the events in {target.Search}: is there something between?", fault);
        }
    }
}
