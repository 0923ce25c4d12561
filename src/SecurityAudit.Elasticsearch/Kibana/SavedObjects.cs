using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Kibana.Pages;

namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>What the saved objects of both products have in common.</summary>
internal static class SavedObjects
{
    public const string DataViewId = "security-audit-events";
    private const int Columns = 48;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One object a line.</summary>
    public static string Ndjson(IEnumerable<JsonObject> objects) => string.Concat(objects.Select(saved => Text(saved) + "\n"));

    /// <summary>JSON within JSON, as both products keep the parts that their servers do not look into.</summary>
    public static string Text(JsonNode json) => Encoding.UTF8.GetString(JsonBody.Of(json, Plain).Span);

    public static JsonObject Query(string text) => new() { ["language"] = "kuery", ["query"] = text };

    public static JsonObject Reference(string type, string id, string name) => new() { ["type"] = type, ["id"] = id, ["name"] = name };

    public static JsonObject ToDataView(string name) => Reference("index-pattern", DataViewId, name);

    /// <summary>The query of a saved search or a visualisation, whose data view is a reference.</summary>
    public static JsonObject SearchSource(string query, bool hasDataView = true)
    {
        var source = new JsonObject { ["query"] = Query(query), ["filter"] = new JsonArray() };
        if (hasDataView)
        {
            source["indexRefName"] = SearchSourceIndex;
        }

        return new JsonObject { ["searchSourceJSON"] = Text(source) };
    }

    public const string SearchSourceIndex = "kibanaSavedObjectMeta.searchSourceJSON.index";

    public static JsonObject SearchAttributes(SavedSearch search) => new()
    {
        ["title"] = "[Security Audit] " + search.Title,
        ["description"] = search.Description,
        ["columns"] = new JsonArray([.. search.Columns.Select(column => JsonValue.Create(column))]),
        ["sort"] = new JsonArray(new JsonArray("@timestamp", "desc")),
        ["kibanaSavedObjectMeta"] = SearchSource(search.Query),
    };

    public static JsonObject DashboardAttributes(Dashboard dashboard, JsonArray panels, JsonObject options) => new()
    {
        ["title"] = dashboard.Title,
        ["description"] = dashboard.Description,
        ["version"] = 1,
        ["timeRestore"] = true,
        ["timeFrom"] = "now-24h",
        ["timeTo"] = "now",
        ["refreshInterval"] = new JsonObject { ["pause"] = true, ["value"] = 60000 },
        ["optionsJSON"] = Text(options),
        ["panelsJSON"] = Text(panels),
        ["kibanaSavedObjectMeta"] = SearchSource("", hasDataView: false),
    };

    public static JsonObject Grid(PlacedPanel placed) =>
        new() { ["x"] = placed.X, ["y"] = placed.Y, ["w"] = placed.Panel.Width, ["h"] = placed.Panel.Height, ["i"] = placed.Index };

    /// <summary>Left to right, then down, as text flows.</summary>
    public static IEnumerable<PlacedPanel> Placed(IEnumerable<Panel> panels)
    {
        int x = 0, y = 0, height = 0;
        foreach (var (i, panel) in panels.Index())
        {
            if (x + panel.Width > Columns)
            {
                (x, y, height) = (0, y + height, 0);
            }

            yield return new PlacedPanel(panel, string.Create(CultureInfo.InvariantCulture, $"panel{i + 1}"), x, y);
            x += panel.Width;
            height = Math.Max(height, panel.Height);
        }
    }
}

internal sealed record PlacedPanel(Panel Panel, string Index, int X, int Y);
