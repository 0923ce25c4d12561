using System.Text.Json.Nodes;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>A panel in the words of Kibana's Lens, as versions from 8.9 on read it.</summary>
internal static class Lens
{
    private const string Layer = "layer1";
    private const string Metric = "metric";
    private const string Time = "time";

    public static JsonObject Attributes(Panel panel, string dataView)
    {
        var columns = new JsonObject();
        var order = new JsonArray();
        foreach (var (id, column) in Columns(panel))
        {
            columns[id] = column;
            order.Add(id);
        }

        return new JsonObject
        {
            ["title"] = panel.Title,
            ["type"] = "lens",
            ["visualizationType"] = panel.Kind switch { PanelKind.Count or PanelKind.Distinct => "lnsMetric", PanelKind.OverTime => "lnsXY", _ => "lnsDatatable" },
            ["references"] = new JsonArray(Reference(dataView)),
            ["state"] = new JsonObject
            {
                ["visualization"] = Visualization(panel),
                ["query"] = new JsonObject { ["language"] = "kuery", ["query"] = panel.Query },
                ["filters"] = new JsonArray(),
                ["datasourceStates"] = new JsonObject
                {
                    ["formBased"] = new JsonObject
                    {
                        ["layers"] = new JsonObject
                        {
                            [Layer] = new JsonObject { ["columns"] = columns, ["columnOrder"] = order, ["incompleteColumns"] = new JsonObject(), ["sampling"] = 1 },
                        },
                    },
                },
                ["internalReferences"] = new JsonArray(),
                ["adHocDataViews"] = new JsonObject(),
            },
        };
    }

    public static JsonObject Reference(string dataView, string prefix = "") => new()
    {
        ["type"] = "index-pattern",
        ["id"] = dataView,
        ["name"] = prefix + "indexpattern-datasource-layer-" + Layer,
    };

    private static IEnumerable<(string Id, JsonObject Column)> Columns(Panel panel) => panel.Kind switch
    {
        PanelKind.Count => [(Metric, CountOf(panel.Title))],
        PanelKind.Distinct => [(Metric, Number("unique_count", panel.Fields[0], panel.Title))],
        PanelKind.OverTime => [("split", Terms(panel.Fields[0], 8)), (Time, Histogram()), (Metric, CountOf("Events"))],
        PanelKind.FirstSeen => [.. panel.Fields.Select((field, i) => ($"by{i}", Terms(field, i == 0 ? 25 : 5))), (Metric, First())],
        PanelKind.Largest => [("by0", Terms(panel.Fields[0], 50)), (Metric, Number("max", panel.Fields[1], "Newest"))],
        PanelKind.MostDistinct => [
            .. panel.Fields.SkipLast(1).Select((field, i) => ($"by{i}", Terms(field, i == 0 ? 10 : 5))),
            (Metric, Number("unique_count", panel.Fields[^1], "Different " + panel.Fields[^1]))],
        _ => [.. panel.Fields.Select((field, i) => ($"by{i}", Terms(field, i == 0 ? 20 : 10))), (Metric, CountOf("Events"))],
    };

    private static JsonObject Visualization(Panel panel) => panel.Kind switch
    {
        PanelKind.Count or PanelKind.Distinct => new JsonObject { ["layerId"] = Layer, ["layerType"] = "data", ["metricAccessor"] = Metric },
        PanelKind.OverTime => new JsonObject
        {
            ["preferredSeriesType"] = "bar_stacked",
            ["legend"] = new JsonObject { ["isVisible"] = true, ["position"] = "right" },
            ["valueLabels"] = "hide",
            ["fittingFunction"] = "None",
            ["layers"] = new JsonArray(new JsonObject
            {
                ["layerId"] = Layer,
                ["layerType"] = "data",
                ["seriesType"] = "bar_stacked",
                ["position"] = "top",
                ["showGridlines"] = false,
                ["xAccessor"] = Time,
                ["splitAccessor"] = "split",
                ["accessors"] = new JsonArray(Metric),
            }),
        },
        _ => new JsonObject
        {
            ["layerId"] = Layer,
            ["layerType"] = "data",
            ["columns"] = new JsonArray([.. Columns(panel).Select(column => new JsonObject { ["columnId"] = column.Id, ["isTransposed"] = false })]),
        },
    };

    private static JsonObject Terms(string field, int size) => new()
    {
        ["label"] = field,
        ["customLabel"] = false,
        ["dataType"] = AuditFields.Find(field)?.Type switch
        {
            FieldType.Ip => "ip",
            FieldType.Long or FieldType.Float => "number",
            FieldType.Boolean => "boolean",
            FieldType.Date => "date",
            _ => "string",
        },
        ["operationType"] = "terms",
        ["scale"] = "ordinal",
        ["sourceField"] = field,
        ["isBucketed"] = true,
        ["params"] = new JsonObject
        {
            ["size"] = size,
            ["orderBy"] = new JsonObject { ["type"] = "column", ["columnId"] = Metric },
            ["orderDirection"] = "desc",
            ["otherBucket"] = false,
            ["missingBucket"] = false,
            ["parentFormat"] = new JsonObject { ["id"] = "terms" },
        },
    };

    private static JsonObject Histogram() => new()
    {
        ["label"] = JournalFields.Timestamp.Name,
        ["dataType"] = "date",
        ["operationType"] = "date_histogram",
        ["scale"] = "interval",
        ["sourceField"] = JournalFields.Timestamp.Name,
        ["isBucketed"] = true,
        ["params"] = new JsonObject { ["interval"] = "auto", ["includeEmptyRows"] = true, ["dropPartials"] = false },
    };

    private static JsonObject CountOf(string label) => new()
    {
        ["label"] = label,
        ["customLabel"] = true,
        ["dataType"] = "number",
        ["operationType"] = "count",
        ["scale"] = "ratio",
        ["sourceField"] = "___records___",
        ["isBucketed"] = false,
        ["params"] = new JsonObject { ["emptyAsNull"] = false },
    };

    private static JsonObject Number(string operation, string field, string label) => new()
    {
        ["label"] = label,
        ["customLabel"] = true,
        ["dataType"] = "number",
        ["operationType"] = operation,
        ["scale"] = "ratio",
        ["sourceField"] = field,
        ["isBucketed"] = false,
        ["params"] = new JsonObject { ["emptyAsNull"] = false },
    };

    private static JsonObject First() => new()
    {
        ["label"] = "First seen",
        ["customLabel"] = true,
        ["dataType"] = "date",
        ["operationType"] = "min",
        ["scale"] = "ratio",
        ["sourceField"] = JournalFields.Timestamp.Name,
        ["isBucketed"] = false,
        ["params"] = new JsonObject { ["emptyAsNull"] = true },
    };
}
