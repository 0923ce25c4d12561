using System.Globalization;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Kibana.Pages;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>The same pages for OpenSearch Dashboards 1 to 3: an index pattern, saved searches, classic visualisations and dashboards.</summary>
internal static class OpenSearchDashboardsObjects
{
    private const string PatternVersion = "7.6.0";
    private const string SearchVersion = "7.9.3";
    private const string VisualizationVersion = "7.10.0";
    private const string DashboardVersion = "7.9.3";
    private const string PanelVersion = "2.0.0";

    public static string Ndjson() => SavedObjects.Ndjson(All());

    public static IEnumerable<JsonObject> All() =>
    [
        IndexPattern(),
        .. Searches.All.Select(search => Object(
            "search", search.Id, SearchVersion, [SavedObjects.ToDataView(SavedObjects.SearchSourceIndex)], SavedObjects.SearchAttributes(search))),
        .. Dashboards.All.SelectMany(PageObjects),
    ];

    /// <summary>The list of pages, what narrows, then the panels.</summary>
    private static IEnumerable<JsonObject> PageObjects(Dashboard dashboard)
    {
        var references = new List<JsonNode>();
        var panels = new JsonArray();
        var narrow = new Panel("Narrow to", PanelKind.Text, "", 48, 5);
        foreach (var placed in SavedObjects.Placed([Dashboards.Navigation(dashboard), narrow, .. dashboard.Panels]))
        {
            var id = placed.Panel.Search ?? $"{dashboard.Id}-{placed.Index}";
            var config = new JsonObject();
            if (placed.Panel.LooksBack is { } from)
            {
                config["timeRange"] = new JsonObject { ["from"] = from, ["to"] = "now" };
            }

            panels.Add(new JsonObject
            {
                ["version"] = PanelVersion,
                ["gridData"] = SavedObjects.Grid(placed),
                ["panelIndex"] = placed.Index,
                ["embeddableConfig"] = config,
                ["title"] = placed.Panel.Title,
                ["panelRefName"] = "panel_" + placed.Index,
            });
            references.Add(SavedObjects.Reference(placed.Panel.Search is null ? "visualization" : "search", id, "panel_" + placed.Index));
            if (placed.Panel.Search is null)
            {
                yield return placed.Panel == narrow ? Controls(id, dashboard) : Visualization(id, dashboard, placed.Panel);
            }
        }

        var options = new JsonObject { ["hidePanelTitles"] = false, ["useMargins"] = true };
        yield return Object("dashboard", dashboard.Id, DashboardVersion, [.. references], SavedObjects.DashboardAttributes(dashboard, panels, options));
    }

    private static JsonObject Visualization(string id, Dashboard dashboard, Panel panel)
    {
        var hasData = panel.Kind != PanelKind.Text;
        return VisualizationObject(
            id, Title(dashboard, panel.Title), ClassicVisualization.State(panel), SavedObjects.SearchSource(panel.Query, hasData),
            hasData ? [SavedObjects.ToDataView(SavedObjects.SearchSourceIndex)] : []);
    }

    private static JsonObject Controls(string id, Dashboard dashboard)
    {
        var controls = new JsonArray();
        var references = new List<JsonNode>();
        foreach (var (i, field) in dashboard.Controls.Index())
        {
            var reference = string.Create(CultureInfo.InvariantCulture, $"control_{i}_index_pattern");
            controls.Add(new JsonObject
            {
                ["id"] = string.Create(CultureInfo.InvariantCulture, $"control{i + 1}"),
                ["fieldName"] = field,
                ["parent"] = "",
                ["label"] = Headings.Of(field),
                ["type"] = "list",
                ["options"] = new JsonObject { ["type"] = "terms", ["multiselect"] = true, ["dynamicOptions"] = true, ["size"] = 10, ["order"] = "desc" },
                ["indexPatternRefName"] = reference,
            });
            references.Add(SavedObjects.ToDataView(reference));
        }

        const string title = "Narrow to";
        var state = new JsonObject
        {
            ["title"] = title,
            ["type"] = "input_control_vis",
            ["aggs"] = new JsonArray(),
            ["params"] = new JsonObject { ["controls"] = controls, ["updateFiltersOnChange"] = true, ["useTimeFilter"] = true, ["pinFilters"] = false },
        };
        return VisualizationObject(id, Title(dashboard, title), state, SavedObjects.SearchSource("", hasDataView: false), [.. references]);
    }

    private static string Title(Dashboard dashboard, string panel) => $"{dashboard.Title}: {panel}";

    private static JsonObject VisualizationObject(string id, string title, JsonObject state, JsonObject source, JsonNode[] references) =>
        Object("visualization", id, VisualizationVersion, references, new JsonObject
        {
            ["title"] = title,
            ["description"] = "",
            ["version"] = 1,
            ["visState"] = SavedObjects.Text(state),
            ["uiStateJSON"] = "{}",
            ["kibanaSavedObjectMeta"] = source,
        });

    /// <summary>With its fields: without, the product asks for them, and fails where no event is stored yet.</summary>
    private static JsonObject IndexPattern() => Object("index-pattern", SavedObjects.DataViewId, PatternVersion, [], new JsonObject
    {
        ["title"] = IndexNames.EventsPattern,
        ["timeFieldName"] = "@timestamp",
        ["fieldFormatMap"] = SavedObjects.Text(FieldFormats.Map()),
        ["fields"] = SavedObjects.Text(new JsonArray([.. AuditFields.All.OrderBy(field => field.Name, StringComparer.Ordinal).Select(FieldOf)])),
    });

    private static JsonObject FieldOf(Field field)
    {
        var (type, engineType) = field.Type switch
        {
            FieldType.Text => ("string", "match_only_text"),
            FieldType.Ip => ("ip", "ip"),
            FieldType.Date => ("date", "date"),
            FieldType.Boolean => ("boolean", "boolean"),
            FieldType.Long => ("number", "long"),
            FieldType.Float => ("number", "float"),
            FieldType.GeoPoint => ("geo_point", "geo_point"),
            FieldType.Flattened => ("unknown", "flat_object"),
            _ => ("string", "keyword"),
        };
        var hasValues = field.IsIndexed && field.Type is not (FieldType.Text or FieldType.Flattened);
        return new JsonObject
        {
            ["count"] = 0,
            ["name"] = field.Name,
            ["type"] = type,
            ["esTypes"] = new JsonArray(engineType),
            ["scripted"] = false,
            ["searchable"] = field.IsIndexed,
            ["aggregatable"] = hasValues,
            ["readFromDocValues"] = hasValues,
        };
    }

    private static JsonObject Object(string type, string id, string version, JsonNode[] references, JsonObject attributes) => new()
    {
        ["type"] = type,
        ["id"] = id,
        ["migrationVersion"] = new JsonObject { [type] = version },
        ["references"] = new JsonArray(references),
        ["attributes"] = attributes,
    };
}
