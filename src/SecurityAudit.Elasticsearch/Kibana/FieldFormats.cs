using System.Globalization;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Kibana.Pages;

namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>How the values of fields are shown, which both products keep in the data view in the same form.</summary>
internal static class FieldFormats
{
    private static readonly (int Severity, string Name)[] Severities = [(21, "low"), (47, "medium"), (73, "high"), (99, "critical")];

    /// <summary>
    /// What leads to a story. Not a name: it could hold what ends the text in the link and goes on as a query of its own; an address and a
    /// hash cannot.
    /// </summary>
    private static readonly string[] Linked = ["source.ip", "user.hash"];

    public static JsonObject Map()
    {
        var map = new JsonObject { ["event.severity"] = SeverityNames() };
        foreach (var field in Linked)
        {
            map[field] = LinkToStory(field);
        }

        return map;
    }

    private static JsonObject SeverityNames() => new()
    {
        ["id"] = "static_lookup",
        ["params"] = new JsonObject
        {
            ["lookupEntries"] = new JsonArray([
                .. Severities.Select(item => new JsonObject { ["key"] = item.Severity.ToString(CultureInfo.InvariantCulture), ["value"] = item.Name })]),
            ["unknownKeyValue"] = null,
        },
    };

    /// <summary>Relative to the product's base path and its space; the filter is the page's query, in the notation of its address.</summary>
    private static JsonObject LinkToStory(string field) => new()
    {
        ["id"] = "url",
        ["params"] = new JsonObject
        {
            ["type"] = "a",
            ["urlTemplate"] = $"../app/dashboards#/view/{Dashboards.Story}?_a=(query:(language:kuery,query:'{field}:%22{{{{value}}}}%22'))",
            ["labelTemplate"] = "{{value}}",
            ["openLinkInCurrentTab"] = true,
        },
    };
}
