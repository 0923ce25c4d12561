using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Kibana.Pages;

namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>A panel in the words of Kibana's Lens, as versions from 8.9 on read it.</summary>
internal static class Lens
{
    private const string Layer = "layer1";
    private const string Time = "time";
    private const string Before = "before";
    private const string WeekBefore = "a week before";

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
            ["visualizationType"] = panel.Kind switch { PanelKind.Number => "lnsMetric", PanelKind.OverTime => "lnsXY", _ => "lnsDatatable" },
            ["references"] = new JsonArray(Reference(dataView)),
            ["state"] = new JsonObject
            {
                ["visualization"] = Visualization(panel),
                ["query"] = SavedObjects.Query(panel.Query),
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

    public static JsonObject Reference(string dataView, string prefix = "") =>
        SavedObjects.Reference("index-pattern", dataView, prefix + "indexpattern-datasource-layer-" + Layer);

    /// <summary>What divides stands before what is measured, as Kibana wants it.</summary>
    private static IEnumerable<(string Id, JsonObject Column)> Columns(Panel panel)
    {
        foreach (var (i, division) in panel.By.Index())
        {
            yield return ($"by{i}", LensColumns.Terms(division, Id(0), isOutermost: i == 0));
        }

        if (panel.Kind == PanelKind.OverTime)
        {
            yield return (Time, LensColumns.Histogram());
        }

        foreach (var (i, measure) in panel.Measures.Index())
        {
            yield return (Id(i), LensColumns.Of(measure));
        }

        if (panel.IsCompared)
        {
            var before = LensColumns.Of(panel.Measures[0] with { Heading = WeekBefore });
            before["timeShift"] = "1w";
            yield return (Before, before);
        }
    }

    private static string Id(int measure) => measure == 0 ? "metric" : $"metric{measure}";

    private static JsonObject Visualization(Panel panel) => panel.Kind switch
    {
        PanelKind.Number => Number(panel),
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
                ["splitAccessor"] = "by0",
                ["accessors"] = new JsonArray(Id(0)),
            }),
        },
        _ => new JsonObject
        {
            ["layerId"] = Layer,
            ["layerType"] = "data",
            ["columns"] = new JsonArray([.. Columns(panel).Select(column => new JsonObject { ["columnId"] = column.Id, ["isTransposed"] = false })]),
        },
    };

    private static JsonObject Number(Panel panel)
    {
        var state = new JsonObject { ["layerId"] = Layer, ["layerType"] = "data", ["metricAccessor"] = Id(0) };
        if (panel.IsCompared)
        {
            state["secondaryMetricAccessor"] = Before;
            state["secondaryPrefix"] = WeekBefore;
        }

        return state;
    }
}
