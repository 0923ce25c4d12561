using System.Globalization;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Kibana.Pages;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>A panel as a classic visualisation, which OpenSearch Dashboards has in the place of Lens.</summary>
internal static class ClassicVisualization
{
    /// <summary>The object <c>visState</c>.</summary>
    public static JsonObject State(Panel panel) => panel.Kind switch
    {
        PanelKind.Number => State(panel, "metric", ClassicStyles.Metric(), "group"),
        PanelKind.OverTime => State(panel, "histogram", ClassicStyles.Bars(panel.Measures[0]), "group"),
        PanelKind.Table => State(panel, "table", ClassicStyles.Table(), "bucket"),
        PanelKind.Text => new JsonObject
        {
            ["title"] = panel.Title,
            ["type"] = "markdown",
            ["aggs"] = new JsonArray(),
            ["params"] = new JsonObject { ["fontSize"] = 12, ["openLinksInNewTab"] = false, ["markdown"] = panel.Text },
        },
        _ => throw new InvalidOperationException($"The panel '{panel.Title}' is of the kind {panel.Kind}, which is no visualisation."),
    };

    private static JsonObject State(Panel panel, string type, JsonObject parameters, string schemaOfDivisions)
    {
        var aggregations = new JsonArray();
        foreach (var measure in panel.Measures)
        {
            Add(Of(measure), "metric");
        }

        // Before the time: the most telling values of all of it, as in Lens, not those of each moment.
        foreach (var (i, division) in panel.By.Index())
        {
            Add(("terms", Terms(division, isOutermost: i == 0)), schemaOfDivisions);
        }

        if (panel.Kind == PanelKind.OverTime)
        {
            Add(("date_histogram", new JsonObject
            {
                ["field"] = JournalFields.Timestamp.Name,
                ["useNormalizedOpenSearchInterval"] = true,
                ["interval"] = "auto",
                ["drop_partials"] = false,
                ["min_doc_count"] = 1,
                ["extended_bounds"] = new JsonObject(),
                ["customLabel"] = "Time",
            }), "segment");
        }

        return new JsonObject { ["title"] = panel.Title, ["type"] = type, ["aggs"] = aggregations, ["params"] = parameters };

        void Add((string Type, JsonObject Parameters) aggregation, string schema) => aggregations.Add(new JsonObject
        {
            ["id"] = (aggregations.Count + 1).ToString(CultureInfo.InvariantCulture),
            ["enabled"] = true,
            ["type"] = aggregation.Type,
            ["schema"] = schema,
            ["params"] = aggregation.Parameters,
        });
    }

    private static (string Type, JsonObject Parameters) Of(Measure measure)
    {
        var parameters = new JsonObject { ["customLabel"] = measure.Heading };
        if (measure.Field is { } field)
        {
            parameters["field"] = field;
        }

        if (measure.Kind == MeasureKind.LastValue)
        {
            parameters["aggregate"] = "concat";
            parameters["size"] = 1;
            parameters["sortField"] = JournalFields.Timestamp.Name;
            parameters["sortOrder"] = "desc";
        }

        return (measure.Kind switch
        {
            MeasureKind.Count => "count",
            MeasureKind.Distinct => "cardinality",
            MeasureKind.Max => "max",
            MeasureKind.Min => "min",
            _ => "top_hits",
        }, parameters);
    }

    private static JsonObject Terms(Division division, bool isOutermost) => new()
    {
        ["field"] = division.Field,
        ["size"] = division.Size,
        ["order"] = "desc",
        ["orderBy"] = "1",
        ["otherBucket"] = true,
        ["otherBucketLabel"] = "Other",
        ["missingBucket"] = division.ShowsMissing,
        ["missingBucketLabel"] = "(missing value)",
        ["json"] = isOutermost ? """{"shard_size":1000}""" : "",
        ["customLabel"] = division.Heading,
    };
}
