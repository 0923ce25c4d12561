using System.Globalization;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Kibana.Pages;

namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>Data view, saved searches and dashboards for <c>POST /api/saved_objects/_import</c> of Kibana 8.9 to 9.x.</summary>
internal static class KibanaObjects
{
    private const string CoreVersion = "8.8.0";
    private const string DataViewVersion = "8.0.0";
    private const string SearchVersion = "7.9.3";
    private const string DashboardVersion = "8.9.0";
    private const string PanelVersion = "8.9.0";

    public static string Ndjson() => SavedObjects.Ndjson(All());

    public static IEnumerable<JsonObject> All() => [DataView(), .. Searches.All.Select(Search), .. Dashboards.All.Select(DashboardObject)];

    private static JsonObject DataView() => Object("index-pattern", SavedObjects.DataViewId, DataViewVersion, [], new JsonObject
    {
        ["title"] = IndexNames.EventsPattern,
        ["name"] = "Security audit",
        ["timeFieldName"] = "@timestamp",
        ["fieldAttrs"] = "{}",
        ["fieldFormatMap"] = SavedObjects.Text(FieldFormats.Map()),
        ["fields"] = "[]",
        ["runtimeFieldMap"] = "{}",
        ["sourceFilters"] = "[]",
        ["typeMeta"] = "{}",
        ["allowNoIndex"] = true,
    });

    private static JsonObject Search(SavedSearch search)
    {
        var attributes = SavedObjects.SearchAttributes(search);
        attributes["grid"] = new JsonObject();
        attributes["hideChart"] = false;
        attributes["isTextBasedQuery"] = false;
        return Object("search", search.Id, SearchVersion, [SavedObjects.ToDataView(SavedObjects.SearchSourceIndex)], attributes);
    }

    private static JsonObject DashboardObject(Dashboard dashboard)
    {
        var references = new List<JsonNode>();
        var panels = new JsonArray();
        foreach (var placed in SavedObjects.Placed([Dashboards.Navigation(dashboard), .. dashboard.Panels]))
        {
            panels.Add(PanelObject(placed));
            references.AddRange(References(placed));
        }

        var options = new JsonObject { ["useMargins"] = true, ["syncColors"] = false, ["syncCursor"] = true, ["syncTooltips"] = false, ["hidePanelTitles"] = false };
        var attributes = SavedObjects.DashboardAttributes(dashboard, panels, options);
        attributes["controlGroupInput"] = Controls(dashboard.Controls, references);
        return Object("dashboard", dashboard.Id, DashboardVersion, [.. references], attributes);
    }

    private static JsonObject PanelObject(PlacedPanel placed)
    {
        var panel = placed.Panel;
        var config = new JsonObject { ["enhancements"] = StoryDrilldown.LeadsFrom(panel) ? StoryDrilldown.Enhancements() : new JsonObject() };
        var saved = new JsonObject
        {
            ["version"] = PanelVersion,
            ["type"] = panel.Kind switch { PanelKind.Search => "search", PanelKind.Text => "visualization", _ => "lens" },
            ["title"] = panel.Title,
            ["panelIndex"] = placed.Index,
            ["gridData"] = SavedObjects.Grid(placed),
            ["embeddableConfig"] = config,
        };
        switch (panel.Kind)
        {
            case PanelKind.Search:
                saved["panelRefName"] = "panel_" + placed.Index;
                break;
            case PanelKind.Text:
                config["hidePanelTitles"] = true;
                config["savedVis"] = Markdown(panel);
                break;
            default:
                config["attributes"] = Lens.Attributes(panel, SavedObjects.DataViewId);
                break;
        }

        if (panel.LooksBack is { } from)
        {
            config["timeRange"] = new JsonObject { ["from"] = from, ["to"] = "now" };
        }

        return saved;
    }

    private static IEnumerable<JsonObject> References(PlacedPanel placed)
    {
        if (placed.Panel.Search is { } search)
        {
            yield return SavedObjects.Reference("search", search, $"{placed.Index}:panel_{placed.Index}");
        }
        else if (placed.Panel.Kind != PanelKind.Text)
        {
            yield return Lens.Reference(SavedObjects.DataViewId, placed.Index + ":");
        }

        if (StoryDrilldown.LeadsFrom(placed.Panel))
        {
            yield return StoryDrilldown.Reference(placed.Index);
        }
    }

    private static JsonObject Markdown(Panel panel) => new()
    {
        ["title"] = panel.Title,
        ["description"] = "",
        ["type"] = "markdown",
        ["params"] = new JsonObject { ["fontSize"] = 12, ["openLinksInNewTab"] = false, ["markdown"] = panel.Text },
        ["uiState"] = new JsonObject(),
        ["data"] = new JsonObject { ["aggs"] = new JsonArray(), ["searchSource"] = new JsonObject { ["query"] = SavedObjects.Query(""), ["filter"] = new JsonArray() } },
    };

    private static JsonObject Controls(IReadOnlyList<string> fields, List<JsonNode> references)
    {
        var panels = new JsonObject();
        foreach (var (i, field) in fields.Index())
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"control{i + 1}");
            var reference = $"controlGroup_{id}:optionsListDataView";
            panels[id] = new JsonObject
            {
                ["type"] = "optionsListControl",
                ["order"] = i,
                ["width"] = "medium",
                ["grow"] = true,
                ["explicitInput"] = new JsonObject
                {
                    ["id"] = id,
                    ["fieldName"] = field,
                    ["title"] = Headings.Of(field),
                    ["selectedOptions"] = new JsonArray(),
                    ["enhancements"] = new JsonObject(),
                    ["dataViewRefName"] = reference,
                },
            };
            references.Add(SavedObjects.ToDataView(reference));
        }

        var heeded = new JsonObject { ["ignoreFilters"] = false, ["ignoreQuery"] = false, ["ignoreTimerange"] = false, ["ignoreValidations"] = false };
        return new JsonObject
        {
            ["controlStyle"] = "oneLine",
            ["chainingSystem"] = "HIERARCHICAL",
            ["ignoreParentSettingsJSON"] = SavedObjects.Text(heeded),
            ["panelsJSON"] = SavedObjects.Text(panels),
        };
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
}
