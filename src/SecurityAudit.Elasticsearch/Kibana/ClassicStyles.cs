using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Kibana.Pages;

namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>How classic visualisations look: the object <c>params</c>, as OpenSearch Dashboards exports it.</summary>
internal static class ClassicStyles
{
    public static JsonObject Metric() => new()
    {
        ["addTooltip"] = true,
        ["addLegend"] = false,
        ["type"] = "metric",
        ["metric"] = new JsonObject
        {
            ["percentageMode"] = false,
            ["useRanges"] = false,
            ["colorSchema"] = "Green to Red",
            ["metricColorMode"] = "None",
            ["colorsRange"] = new JsonArray(new JsonObject { ["from"] = 0, ["to"] = 10000 }),
            ["labels"] = new JsonObject { ["show"] = true },
            ["invertColors"] = false,
            ["style"] = new JsonObject { ["bgFill"] = "#000", ["bgColor"] = false, ["labelColor"] = false, ["subText"] = "", ["fontSize"] = 36 },
        },
    };

    public static JsonObject Table() => new()
    {
        ["perPage"] = 10,
        ["showPartialRows"] = false,
        ["showMetricsAtAllLevels"] = false,
        ["sort"] = new JsonObject { ["columnIndex"] = null, ["direction"] = null },
        ["showTotal"] = false,
        ["totalFunc"] = "sum",
        ["percentageCol"] = "",
    };

    public static JsonObject Bars(Measure measure) => new()
    {
        ["type"] = "histogram",
        ["grid"] = new JsonObject { ["categoryLines"] = false },
        ["categoryAxes"] = new JsonArray(new JsonObject
        {
            ["id"] = "CategoryAxis-1",
            ["type"] = "category",
            ["position"] = "bottom",
            ["show"] = true,
            ["style"] = new JsonObject(),
            ["scale"] = new JsonObject { ["type"] = "linear" },
            ["labels"] = new JsonObject { ["show"] = true, ["filter"] = true, ["truncate"] = 100 },
            ["title"] = new JsonObject(),
        }),
        ["valueAxes"] = new JsonArray(new JsonObject
        {
            ["id"] = "ValueAxis-1",
            ["name"] = "LeftAxis-1",
            ["type"] = "value",
            ["position"] = "left",
            ["show"] = true,
            ["style"] = new JsonObject(),
            ["scale"] = new JsonObject { ["type"] = "linear", ["mode"] = "normal" },
            ["labels"] = new JsonObject { ["show"] = true, ["rotate"] = 0, ["filter"] = false, ["truncate"] = 100 },
            ["title"] = new JsonObject { ["text"] = measure.Heading },
        }),
        ["seriesParams"] = new JsonArray(new JsonObject
        {
            ["show"] = true,
            ["type"] = "histogram",
            ["mode"] = "stacked",
            ["data"] = new JsonObject { ["label"] = measure.Heading, ["id"] = "1" },
            ["valueAxis"] = "ValueAxis-1",
            ["drawLinesBetweenPoints"] = true,
            ["lineWidth"] = 2,
            ["showCircles"] = true,
        }),
        ["addTooltip"] = true,
        ["addLegend"] = true,
        ["legendPosition"] = "right",
        ["times"] = new JsonArray(),
        ["addTimeMarker"] = false,
        ["labels"] = new JsonObject { ["show"] = false },
        ["thresholdLine"] = new JsonObject { ["show"] = false, ["value"] = 10, ["width"] = 1, ["style"] = "full", ["color"] = "#E7664C" },
    };
}
