using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Rules;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.AcrossNodes;

/// <summary>
/// What rules remember for weeks, by an aggregation: of each account, and of each of its values, the last event before a moment. So nothing
/// of it has to be kept here, and no event of those weeks is read but these.
/// </summary>
internal sealed class EarlierEvents(ElasticsearchConnection connection, BulkTarget target, NamedLists lists)
{
    private const int Page = 500;

    /// <summary>As many as a condition remembers of accounts and values.</summary>
    private const int Most = History.MostGroups;

    /// <summary>Events of what rules would remember, with the fields that they look at, in their order.</summary>
    public async Task<IReadOnlyList<StoredLine>> BeforeAsync(IEnumerable<DetectionRule> rules, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        List<StoredLine> lines = [];
        foreach (var condition in rules.SelectMany(rule => rule.When))
        {
            lines.AddRange(condition switch
            {
                NewValueCondition value => await LastAsync(value.Events, value.GroupBy.Add(value.Field), moment - value.Within, moment, cancellationToken),
                AbsenceCondition absence => await LastAsync(absence.Events, absence.GroupBy, null, moment, cancellationToken),
                _ => [],
            });
        }

        return [.. lines.OrderBy(line => line.At)];
    }

    private async Task<List<StoredLine>> LastAsync(
        EventPattern pattern, ImmutableArray<string> fields, DateTimeOffset? from, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        List<StoredLine> lines = [];
        if (PatternQuery.Of(pattern, lists) is not { } wanted)
        {
            return lines;
        }

        var looked = fields.Concat(pattern.Alternatives.SelectMany(alternative => alternative.Keys)).Append(JournalFields.Timestamp.Name).Append(EventFields.User.Name.Name);
        JsonNode? after = null;
        do
        {
            var query = PatternQuery.All(PatternQuery.Between(from, moment.AddMilliseconds(-1)), wanted.DeepClone().AsObject());
            var body = Body(query, fields, [.. looked.Distinct(StringComparer.Ordinal)], after);
            var answer = await connection.SendAsync(
                HttpMethod.Post, target.Search + "/_search?ignore_unavailable=true&allow_partial_search_results=false", JsonBody.Of(body), cancellationToken);
            if (!answer.IsSuccess)
            {
                throw new IOException($"{connection.Node} answers {answer.Error} when asked for the last event of each {string.Join(" and ", fields)} in {target.Search}.");
            }

            using var json = answer.Json();
            var found = json.RootElement.GetProperty("aggregations").GetProperty("of_each");
            foreach (var bucket in found.GetProperty("buckets").EnumerateArray())
            {
                var utf8 = JsonMarshal.GetRawUtf8Value(bucket.GetProperty("last").GetProperty("hits").GetProperty("hits")[0].GetProperty("_source")).ToArray();
                if (LineFields.Timestamp(utf8) is { } at)
                {
                    lines.Add(new StoredLine(at, "", -1, utf8));
                }
            }

            after = found.TryGetProperty("after_key", out var key) && found.GetProperty("buckets").GetArrayLength() == Page ? JsonNode.Parse(key.GetRawText()) : null;
        }
        while (after is not null && lines.Count < Most);

        return lines;
    }

    private static JsonObject Body(JsonObject query, ImmutableArray<string> fields, ImmutableArray<string> looked, JsonNode? after)
    {
        var composite = new JsonObject
        {
            ["size"] = Page,
            ["sources"] = new JsonArray([.. fields.Select(field => new JsonObject { [field] = new JsonObject { ["terms"] = new JsonObject { ["field"] = field } } })]),
        };
        if (after is not null)
        {
            composite["after"] = after;
        }

        return new JsonObject
        {
            ["size"] = 0,
            ["query"] = query,
            ["aggs"] = new JsonObject
            {
                ["of_each"] = new JsonObject
                {
                    ["composite"] = composite,
                    ["aggs"] = new JsonObject
                    {
                        ["last"] = new JsonObject
                        {
                            ["top_hits"] = new JsonObject
                            {
                                ["size"] = 1,
                                ["sort"] = new JsonArray(new JsonObject { [JournalFields.Timestamp.Name] = "desc" }),
                                ["_source"] = new JsonArray([.. looked.Select(field => JsonValue.Create(field))]),
                            },
                        },
                    },
                },
            },
        };
    }
}
