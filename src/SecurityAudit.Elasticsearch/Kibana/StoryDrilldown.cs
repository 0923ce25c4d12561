using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Kibana.Pages;

namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>
/// From an address or an account in a panel to its story, with the filters and the time of the page: Kibana's drill-down to a dashboard,
/// which its basic licence has (one to any address needs a paid one).
/// </summary>
internal static class StoryDrilldown
{
    private const string Factory = "DASHBOARD_TO_DASHBOARD_DRILLDOWN";
    private const string EventId = "story";

    private static readonly string[] Fields = ["source.ip", "user.name", "user.target.name", "user.hash"];

    public static bool LeadsFrom(Panel panel) => panel.By.Any(by => Fields.Contains(by.Field, StringComparer.Ordinal));

    public static JsonObject Enhancements() => new()
    {
        ["dynamicActions"] = new JsonObject
        {
            ["events"] = new JsonArray(new JsonObject
            {
                ["eventId"] = EventId,
                ["triggers"] = new JsonArray("FILTER_TRIGGER"),
                ["action"] = new JsonObject
                {
                    ["factoryId"] = Factory,
                    ["name"] = "Read its story",
                    ["config"] = new JsonObject { ["useCurrentFilters"] = true, ["useCurrentDateRange"] = true, ["openInNewTab"] = false },
                },
            }),
        },
    };

    /// <summary>Kibana keeps which dashboard it is apart from the panel, under this name.</summary>
    public static JsonObject Reference(string panelIndex) =>
        SavedObjects.Reference("dashboard", Dashboards.Story, $"{panelIndex}:drilldown:{Factory}:{EventId}:dashboardId");
}
