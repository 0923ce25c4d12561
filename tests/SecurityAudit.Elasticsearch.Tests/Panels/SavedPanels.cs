using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Kibana;

namespace SecurityAudit.Elasticsearch.Tests.Panels;

/// <summary>Reads the saved objects of both products as each product does.</summary>
internal static class SavedPanels
{
    public static IReadOnlyList<SavedPanel> OfKibana { get; } = [.. Kibana()];

    public static IReadOnlyList<SavedPanel> OfOpenSearchDashboards { get; } = [.. Classic()];

    public static IReadOnlyList<SavedPanel> All { get; } = [.. OfKibana, .. OfOpenSearchDashboards];

    private static IEnumerable<SavedPanel> Kibana()
    {
        foreach (var dashboard in KibanaObjects.All().Where(item => (string)item["type"]! == "dashboard"))
        {
            foreach (var panel in Parsed(dashboard["attributes"]!["panelsJSON"]).AsArray().Where(panel => (string)panel!["type"]! == "lens"))
            {
                var state = panel!["embeddableConfig"]!["attributes"]!["state"]!;
                var layer = state["datasourceStates"]!["formBased"]!["layers"]!["layer1"]!;
                var columns = layer["columnOrder"]!.AsArray().Select(id => layer["columns"]![(string)id!]!).ToList();
                yield return new SavedPanel(
                    "Kibana " + (string)dashboard["id"]!, (string)panel["title"]!, (string)state["query"]!["query"]!,
                    [.. columns.Where(column => (bool)column["isBucketed"]!).Select(Buckets)],
                    [.. columns.Where(column => !(bool)column["isBucketed"]!).Select(Metric)])
                {
                    From = (string?)panel["embeddableConfig"]!["timeRange"]?["from"],
                };
            }
        }
    }

    private static SavedBuckets Buckets(JsonNode column)
    {
        var (field, heading, parameters) = ((string)column["sourceField"]!, (string)column["label"]!, column["params"]!);
        if ((string)column["operationType"]! == "date_histogram")
        {
            return new SavedBuckets(field, heading, Size: null, Missing: false, Other: false, ShardSize: null);
        }

        // As Kibana's terms operation: missing values only where there is an other bucket, and only of text.
        var other = (bool)parameters["otherBucket"]!;
        var missing = other && (bool)parameters["missingBucket"]! && (string)column["dataType"]! == "string";
        return new SavedBuckets(field, heading, (int)parameters["size"]!, missing, other, (bool)parameters["accuracyMode"]! ? 1000 : null);
    }

    private static SavedMetric Metric(JsonNode column) => new(
        (string)column["operationType"]! switch { "unique_count" => "cardinality", "last_value" => "top_hits", var operation => operation },
        (string)column["sourceField"]! is "___records___" ? null : (string)column["sourceField"]!,
        (string)column["label"]!,
        (string?)column["timeShift"] switch
        {
            null => null,
            "1w" => TimeSpan.FromDays(7),
            var shift => throw new FormatException($"Nobody here knows the shift '{shift}'."),
        });

    private static IEnumerable<SavedPanel> Classic()
    {
        var objects = OpenSearchDashboardsObjects.All().ToList();
        foreach (var dashboard in objects.Where(item => (string)item["type"]! == "dashboard"))
        {
            var references = dashboard["references"]!.AsArray()
                .ToDictionary(reference => (string)reference!["name"]!, reference => (string)reference!["id"]!, StringComparer.Ordinal);
            foreach (var panel in Parsed(dashboard["attributes"]!["panelsJSON"]).AsArray())
            {
                var id = references[(string)panel!["panelRefName"]!];
                var shown = objects.Single(item => (string)item["id"]! == id);
                if ((string)shown["type"]! != "visualization" || Parsed(shown["attributes"]!["visState"]) is not { } state || state["aggs"]!.AsArray().Count == 0)
                {
                    continue;
                }

                var source = Parsed(shown["attributes"]!["kibanaSavedObjectMeta"]!["searchSourceJSON"]);
                var aggregations = state["aggs"]!.AsArray().Select(aggregation => aggregation!).ToList();
                yield return new SavedPanel(
                    "OpenSearch Dashboards " + (string)dashboard["id"]!, (string)panel["title"]!, (string)source["query"]!["query"]!,
                    [.. aggregations.Where(IsBuckets).Select(ClassicBuckets)], [.. aggregations.Where(aggregation => !IsBuckets(aggregation)).Select(ClassicMetric)])
                {
                    From = (string?)panel["embeddableConfig"]!["timeRange"]?["from"],
                };
            }
        }
    }

    private static bool IsBuckets(JsonNode aggregation) => (string)aggregation["type"]! is "terms" or "date_histogram";

    private static SavedBuckets ClassicBuckets(JsonNode aggregation)
    {
        var parameters = aggregation["params"]!;
        var (field, heading) = ((string)parameters["field"]!, (string)parameters["customLabel"]!);
        if ((string)aggregation["type"]! == "date_histogram")
        {
            return new SavedBuckets(field, heading, Size: null, Missing: false, Other: false, ShardSize: null);
        }

        var json = (string)parameters["json"]!;
        var shardSize = json.Length == 0 ? null : (int?)JsonNode.Parse(json)!["shard_size"];
        return new SavedBuckets(field, heading, (int)parameters["size"]!, (bool)parameters["missingBucket"]!, (bool)parameters["otherBucket"]!, shardSize);
    }

    private static SavedMetric ClassicMetric(JsonNode aggregation) =>
        new((string)aggregation["type"]!, (string?)aggregation["params"]!["field"], (string)aggregation["params"]!["customLabel"]!, Shift: null);

    private static JsonNode Parsed(JsonNode? text) => JsonNode.Parse((string)text!)!;
}
