using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;

namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>Data view, saved searches and dashboards as NDJSON for <c>POST /api/saved_objects/_import</c>, Kibana 8.9 to 9.x.</summary>
internal static class KibanaObjects
{
    public const string DataViewId = "security-audit-events";
    private const string CoreVersion = "8.8.0";
    private const string DataViewVersion = "8.0.0";
    private const string SearchVersion = "7.9.3";
    private const string DashboardVersion = "8.9.0";
    private const string PanelVersion = "8.9.0";
    private const int Columns = 48;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Ndjson() => string.Concat(All().Select(saved => Text(saved) + "\n"));

    public static IEnumerable<JsonObject> All() => [DataView(), .. Dashboards.Searches.Select(Search), .. Dashboards.All.Select(DashboardObject)];

    private static JsonObject DataView() => Object("index-pattern", DataViewId, DataViewVersion, [], new JsonObject
    {
        ["title"] = IndexNames.EventsPattern,
        ["name"] = "Security audit",
        ["timeFieldName"] = "@timestamp",
        ["fieldAttrs"] = "{}",
        ["fieldFormatMap"] = "{}",
        ["fields"] = "[]",
        ["runtimeFieldMap"] = "{}",
        ["sourceFilters"] = "[]",
        ["typeMeta"] = "{}",
        ["allowNoIndex"] = true,
    });

    private static JsonObject Search(SavedSearch search) => Object(
        "search", search.Id, SearchVersion,
        [new JsonObject { ["type"] = "index-pattern", ["id"] = DataViewId, ["name"] = "kibanaSavedObjectMeta.searchSourceJSON.index" }],
        new JsonObject
        {
            ["title"] = "[Security Audit] " + search.Title,
            ["description"] = search.Description,
            ["columns"] = new JsonArray([.. search.Columns.Select(column => JsonValue.Create(column))]),
            ["sort"] = new JsonArray(new JsonArray("@timestamp", "desc")),
            ["grid"] = new JsonObject(),
            ["hideChart"] = false,
            ["isTextBasedQuery"] = false,
            ["kibanaSavedObjectMeta"] = new JsonObject
            {
                ["searchSourceJSON"] = Text(new JsonObject
                {
                    ["query"] = Query(search.Query),
                    ["filter"] = new JsonArray(),
                    ["indexRefName"] = "kibanaSavedObjectMeta.searchSourceJSON.index",
                }),
            },
        });

    private static JsonObject DashboardObject(Dashboard dashboard)
    {
        var references = new List<JsonNode>();
        var panels = new JsonArray();
        foreach (var (panel, index, x, y) in Placed(dashboard.Panels))
        {
            panels.Add(PanelObject(panel, index, x, y));
            references.Add(panel.Search is { } search
                ? new JsonObject { ["type"] = "search", ["id"] = search, ["name"] = $"{index}:panel_{index}" }
                : Lens.Reference(DataViewId, index + ":"));
        }

        var attributes = new JsonObject
        {
            ["title"] = dashboard.Title,
            ["description"] = dashboard.Description,
            ["version"] = 1,
            ["timeRestore"] = true,
            ["timeFrom"] = "now-24h",
            ["timeTo"] = "now",
            ["refreshInterval"] = new JsonObject { ["pause"] = true, ["value"] = 60000 },
            ["optionsJSON"] = Text(new JsonObject { ["useMargins"] = true, ["syncColors"] = false, ["syncCursor"] = true, ["syncTooltips"] = false, ["hidePanelTitles"] = false }),
            ["panelsJSON"] = Text(panels),
            ["kibanaSavedObjectMeta"] = new JsonObject { ["searchSourceJSON"] = Text(new JsonObject { ["query"] = Query(""), ["filter"] = new JsonArray() }) },
        };
        if (dashboard.Controls.Count > 0)
        {
            attributes["controlGroupInput"] = Controls(dashboard.Controls, references);
        }

        return Object("dashboard", dashboard.Id, DashboardVersion, [.. references], attributes);
    }

    private static JsonObject PanelObject(Panel panel, string index, int x, int y)
    {
        var placed = new JsonObject
        {
            ["version"] = PanelVersion,
            ["type"] = panel.Search is null ? "lens" : "search",
            ["title"] = panel.Title,
            ["panelIndex"] = index,
            ["gridData"] = new JsonObject { ["x"] = x, ["y"] = y, ["w"] = panel.Width, ["h"] = panel.Height, ["i"] = index },
            ["embeddableConfig"] = new JsonObject { ["enhancements"] = new JsonObject() },
        };
        if (panel.Search is null)
        {
            placed["embeddableConfig"]!["attributes"] = Lens.Attributes(panel, DataViewId);
        }
        else
        {
            placed["panelRefName"] = "panel_" + index;
        }

        return placed;
    }

    private static JsonObject Controls(IReadOnlyList<(string Field, string Label)> controls, List<JsonNode> references)
    {
        var panels = new JsonObject();
        for (var i = 0; i < controls.Count; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"control{i + 1}");
            panels[id] = new JsonObject
            {
                ["type"] = "optionsListControl",
                ["order"] = i,
                ["width"] = "medium",
                ["grow"] = true,
                ["explicitInput"] = new JsonObject
                {
                    ["id"] = id,
                    ["fieldName"] = controls[i].Field,
                    ["title"] = controls[i].Label,
                    ["selectedOptions"] = new JsonArray(),
                    ["enhancements"] = new JsonObject(),
                    ["dataViewRefName"] = $"controlGroup_{id}:optionsListDataView",
                },
            };
            references.Add(new JsonObject { ["type"] = "index-pattern", ["id"] = DataViewId, ["name"] = $"controlGroup_{id}:optionsListDataView" });
        }

        return new JsonObject
        {
            ["controlStyle"] = "oneLine",
            ["chainingSystem"] = "HIERARCHICAL",
            ["ignoreParentSettingsJSON"] = Text(new JsonObject { ["ignoreFilters"] = false, ["ignoreQuery"] = false, ["ignoreTimerange"] = false, ["ignoreValidations"] = false }),
            ["panelsJSON"] = Text(panels),
        };
    }

    /// <summary>Left to right, then down, as text flows.</summary>
    private static IEnumerable<(Panel Panel, string Index, int X, int Y)> Placed(IReadOnlyList<Panel> panels)
    {
        int x = 0, y = 0, height = 0;
        for (var i = 0; i < panels.Count; i++)
        {
            if (x + panels[i].Width > Columns)
            {
                (x, y, height) = (0, y + height, 0);
            }

            yield return (panels[i], string.Create(CultureInfo.InvariantCulture, $"panel{i + 1}"), x, y);
            x += panels[i].Width;
            height = Math.Max(height, panels[i].Height);
        }
    }

    private static JsonObject Object(string type, string id, string version, JsonNode[] references, JsonObject attributes) => new()
    {
        ["type"] = type,
        ["id"] = id,
        ["coreMigrationVersion"] = CoreVersion,
        ["typeMigrationVersion"] = version,
        ["managed"] = false,
        ["references"] = new JsonArray(references),
        ["attributes"] = attributes,
    };

    private static JsonObject Query(string text) => new() { ["language"] = "kuery", ["query"] = text };

    private static string Text(JsonNode json) => Encoding.UTF8.GetString(JsonBody.Of(json, Plain).Span);
}
