using System.Text.Json.Nodes;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>The queries that Kibana would make of the panels and the saved searches.</summary>
internal static class PanelQueries
{
    /// <summary>The panels and searches that have nothing to show.</summary>
    public static async Task<IReadOnlyList<string>> EmptyAsync(World world)
    {
        await Ask.RefreshAsync(world.Connection, world.Target.Search);
        var empty = new List<string>();
        foreach (var (dashboard, panel) in KibanaObjectsTests.LensPanels())
        {
            if (await RowsAsync(world, panel) == 0)
            {
                empty.Add($"{dashboard}: {panel["title"]}");
            }
        }

        foreach (var search in KibanaObjectsTests.Of("search"))
        {
            if (await CountAsync(world, KibanaObjectsTests.QueryOfSearch(search)) == 0)
            {
                empty.Add((string)search["id"]!);
            }
        }

        return empty;
    }

    /// <summary>Lens' columns as the aggregations that Lens makes of them, the last bucket's rows counted.</summary>
    private static async Task<int> RowsAsync(World world, JsonNode panel)
    {
        var layer = KibanaObjectsTests.Layer(panel);
        var columns = layer["columnOrder"]!.AsArray().Select(id => layer["columns"]![(string)id!]!).ToList();
        var buckets = columns.Where(column => (bool)column["isBucketed"]!).ToList();
        var metric = columns.Single(column => !(bool)column["isBucketed"]!);
        JsonObject? metricAggregation = (string)metric["operationType"]! switch
        {
            "unique_count" => new() { ["cardinality"] = new JsonObject { ["field"] = (string)metric["sourceField"]! } },
            "max" => new() { ["max"] = new JsonObject { ["field"] = (string)metric["sourceField"]! } },
            "min" => new() { ["min"] = new JsonObject { ["field"] = (string)metric["sourceField"]! } },
            _ => null,
        };
        JsonObject? inner = metricAggregation is null ? null : new() { ["metric"] = metricAggregation };
        foreach (var bucket in Enumerable.Reverse(buckets))
        {
            var field = (string)bucket["sourceField"]!;
            JsonObject aggregation = (string)bucket["operationType"]! == "date_histogram"
                ? new() { ["date_histogram"] = new JsonObject { ["field"] = field, ["fixed_interval"] = "30m", ["min_doc_count"] = 1 } }
                : new()
                {
                    ["terms"] = new JsonObject
                    {
                        ["field"] = field,
                        ["size"] = (int)bucket["params"]!["size"]!,
                        ["order"] = new JsonObject { [metricAggregation is null ? "_count" : "metric"] = "desc" },
                    },
                };
            if (inner is not null)
            {
                aggregation["aggs"] = inner.DeepClone();
            }

            if (metricAggregation is not null && bucket != buckets[^1])
            {
                aggregation["aggs"]!["metric"] = metricAggregation.DeepClone();
            }

            inner = new JsonObject { ["by"] = aggregation };
        }

        var body = Query(KibanaObjectsTests.QueryOf(panel));
        body["size"] = 0;
        if (inner is not null)
        {
            body["aggs"] = inner;
        }

        var answer = await Ask.JsonAsync(world.Connection, HttpMethod.Post, world.Target.Search + "/_search", body.ToJsonString());
        if (answer["error"] is not null)
        {
            Assert.Fail($"{panel["title"]}: {answer["error"]!.ToJsonString()}");
        }

        if (buckets.Count > 0)
        {
            return Depth(answer["aggregations"]!["by"]!["buckets"]!.AsArray());
        }

        return inner is null || (string)metric["operationType"]! == "count" ? (int)answer["hits"]!["total"]!["value"]! : (int)(double)answer["aggregations"]!["metric"]!["value"]!;
    }

    private static int Depth(JsonArray buckets) =>
        buckets.Sum(bucket => bucket!["by"] is { } inner ? Depth(inner["buckets"]!.AsArray()) : (int)bucket["doc_count"]! > 0 ? 1 : 0);

    public static async Task<int> CountAsync(World world, string query)
    {
        await Ask.RefreshAsync(world.Connection, world.Target.Search);
        return (int)(await Ask.JsonAsync(world.Connection, HttpMethod.Post, world.Target.Search + "/_count", Query(query).ToJsonString()))["count"]!;
    }

    /// <summary>
    /// The panels use the part of Kibana's query language that is Lucene's, less the spaces around the colon and the size of the words.
    /// </summary>
    private static JsonObject Query(string kuery) => kuery.Length == 0 ? [] : new JsonObject
    {
        ["query"] = new JsonObject
        {
            ["query_string"] = new JsonObject
            {
                ["query"] = kuery.Replace(" : ", ":", StringComparison.Ordinal).Replace(" and ", " AND ", StringComparison.Ordinal)
                    .Replace(" or ", " OR ", StringComparison.Ordinal).Replace("not ", "NOT ", StringComparison.Ordinal),
            },
        },
    };
}
