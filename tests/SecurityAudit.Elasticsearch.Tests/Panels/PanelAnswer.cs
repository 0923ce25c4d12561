using System.Text;
using System.Text.Json.Nodes;

namespace SecurityAudit.Elasticsearch.Tests.Panels;

/// <summary>The request that a product makes of a panel, and what an engine answers.</summary>
internal static class PanelAnswer
{
    public const string Missing = "__missing__";
    public const long HalfAnHour = 30 * 60 * 1000;

    /// <summary>What the engine answers to each, whenever the events were.</summary>
    public static async Task<IReadOnlyList<JsonNode>> AskAllAsync(World world, IEnumerable<SavedPanel> panels)
    {
        var asked = panels.ToList();
        var lines = string.Concat(asked.Select(panel => "{}\n" + Body(panel, Kuery.Parse(panel.Query).Query).ToJsonString() + "\n"));
        var answer = await world.Connection.SendLinesAsync(world.Target.Search + "/_msearch", Encoding.UTF8.GetBytes(lines), TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccess, answer.Error);
        var answers = JsonNode.Parse(answer.Body.Span)!["responses"]!.AsArray();
        Assert.Equal(asked.Count, answers.Count);
        Assert.All(asked.Zip(answers), item => Assert.True(item.Second!["error"] is null, $"{item.First.Where}: {item.Second["error"]?.ToJsonString()}"));
        return [.. answers.Select(item => item!)];
    }

    /// <summary>What the engine answers on a page that shows the last 24 hours, counted so far back in time.</summary>
    public static async Task<JsonNode> AskAsync(World world, SavedPanel panel, TimeSpan shift)
    {
        var range = new JsonObject { ["gte"] = $"now-{shift.TotalDays + 1}d", ["lt"] = $"now-{shift.TotalDays}d" };
        var query = new JsonObject
        {
            ["bool"] = new JsonObject
            {
                ["filter"] = new JsonArray(Kuery.Parse(panel.Query).Query, new JsonObject { ["range"] = new JsonObject { ["@timestamp"] = range } }),
            },
        };
        return await Ask.JsonAsync(world.Connection, HttpMethod.Post, world.Target.Search + "/_search", Body(panel, query).ToJsonString());
    }

    public static string MetricName(int metric) => $"m{metric}";

    private static JsonObject Body(SavedPanel panel, JsonObject query)
    {
        var body = new JsonObject { ["size"] = 0, ["track_total_hits"] = true, ["query"] = query };
        if (Aggregations(panel, 0) is { Count: > 0 } aggregations)
        {
            body["aggs"] = aggregations;
        }

        return body;
    }

    private static JsonObject Aggregations(SavedPanel panel, int level)
    {
        var aggregations = new JsonObject();
        foreach (var (i, metric) in panel.Metrics.Index().Where(item => item.Item is { Operation: not "count", Shift: null }))
        {
            aggregations[MetricName(i)] = metric.Operation == "top_hits"
                ? Newest(metric.Field!)
                : new JsonObject { [metric.Operation] = new JsonObject { ["field"] = metric.Field } };
        }

        if (level == panel.Buckets.Count)
        {
            return aggregations;
        }

        var buckets = panel.Buckets[level];
        var by = buckets.Size is { } size
            ? new JsonObject { ["terms"] = Terms(buckets, size, panel.Metrics[0].Operation == "count" ? "_count" : MetricName(0)) }
            : new JsonObject { ["date_histogram"] = new JsonObject { ["field"] = buckets.Field, ["fixed_interval"] = "30m", ["min_doc_count"] = 1 } };
        if (Aggregations(panel, level + 1) is { Count: > 0 } inner)
        {
            by["aggs"] = inner;
        }

        aggregations["by"] = by;
        return aggregations;
    }

    /// <summary>Of the events that have the field.</summary>
    private static JsonObject Newest(string field) => new()
    {
        ["filter"] = new JsonObject { ["exists"] = new JsonObject { ["field"] = field } },
        ["aggs"] = new JsonObject
        {
            ["newest"] = new JsonObject
            {
                ["top_hits"] = new JsonObject { ["size"] = 1, ["sort"] = new JsonArray(new JsonObject { ["@timestamp"] = "desc" }), ["_source"] = new JsonArray(field) },
            },
        },
    };

    private static JsonObject Terms(SavedBuckets buckets, int size, string order)
    {
        var terms = new JsonObject { ["field"] = buckets.Field, ["size"] = size, ["order"] = new JsonObject { [order] = "desc" } };
        if (buckets.Missing)
        {
            terms["missing"] = Missing;
        }

        if (buckets.ShardSize is { } shardSize)
        {
            terms["shard_size"] = shardSize;
        }

        return terms;
    }
}
