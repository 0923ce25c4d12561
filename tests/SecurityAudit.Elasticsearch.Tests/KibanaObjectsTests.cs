using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SecurityAudit.Elasticsearch.Kibana;
using SecurityAudit.Elasticsearch.Kibana.Pages;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>The saved objects against the published shape of Kibana's. No Kibana runs here.</summary>
public sealed partial class KibanaObjectsTests
{
    private static readonly List<JsonObject> Objects = [
        .. KibanaObjects.Ndjson().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    [Fact]
    public void TheFilesInThePackageAreWhatTheCodeMakes()
    {
        foreach (var (name, ndjson) in new[] { ("security-audit", KibanaObjects.Ndjson()), ("opensearch-dashboards", OpenSearchDashboardsObjects.Ndjson()) })
        {
            var path = Path.Combine(Quickstart.Repository, "src", "SecurityAudit.Elasticsearch", "Kibana", name + ".ndjson");
            if (Environment.GetEnvironmentVariable("SECURITY_AUDIT_APPROVE") == "1")
            {
                File.WriteAllText(path, ndjson);
            }

            Assert.True(File.ReadAllText(path) == ndjson, "Run this test with SECURITY_AUDIT_APPROVE=1 and look at the difference.");
        }
    }

    [Fact]
    public void EveryReferenceResolvesAndEveryIdIsUnique()
    {
        var known = Objects.Select(item => ((string)item["type"]!, (string)item["id"]!)).ToHashSet();

        Assert.Equal(Objects.Count, known.Count);
        Assert.All(Objects.SelectMany(item => item["references"]!.AsArray()), reference => Assert.Contains(((string)reference!["type"]!, (string)reference["id"]!), known));
    }

    [Fact]
    public void VersionsAreThoseThatEveryKibanaFrom8_9OnMigrates()
    {
        var versions = new Dictionary<string, string> { ["index-pattern"] = "8.0.0", ["search"] = "7.9.3", ["dashboard"] = "8.9.0" };

        Assert.All(Objects, item => Assert.Equal(("8.8.0", versions[(string)item["type"]!]), ((string)item["coreMigrationVersion"]!, (string)item["typeMigrationVersion"]!)));
        Assert.Equal((1, 6, 6), (Of("index-pattern").Count(), Of("search").Count(), Of("dashboard").Count()));
    }

    [Fact]
    public void WhatKibanaKeepsAsTextIsTextThatHoldsJson()
    {
        foreach (var item in Of("dashboard"))
        {
            Assert.Equal("array", Kind(item["attributes"]!["panelsJSON"]!));
            Assert.Equal("object", Kind(item["attributes"]!["optionsJSON"]!));
            Assert.Equal("object", Kind(item["attributes"]!["kibanaSavedObjectMeta"]!["searchSourceJSON"]!));
        }

        Assert.All(Of("search"), item => Assert.Equal("object", Kind(item["attributes"]!["kibanaSavedObjectMeta"]!["searchSourceJSON"]!)));

        static string Kind(JsonNode text) => JsonNode.Parse((string)text!) is JsonArray ? "array" : "object";
    }

    [Fact]
    public void EveryPanelHasItsReferenceItsPlaceAndColumnsThatExist()
    {
        foreach (var dashboard in Of("dashboard"))
        {
            var names = dashboard["references"]!.AsArray().Select(reference => (string)reference!["name"]!).ToHashSet();
            var taken = new HashSet<(int, int)>();
            foreach (var panel in Panels(dashboard))
            {
                var index = (string)panel["panelIndex"]!;
                var grid = panel["gridData"]!;
                Assert.Equal(index, (string)grid["i"]!);
                for (var x = (int)grid["x"]!; x < (int)grid["x"]! + (int)grid["w"]!; x++)
                {
                    for (var y = (int)grid["y"]!; y < (int)grid["y"]! + (int)grid["h"]!; y++)
                    {
                        Assert.True(x < 48 && taken.Add((x, y)), $"{dashboard["id"]} {index} overlaps at {x},{y}");
                    }
                }

                if ((string)panel["type"]! == "search")
                {
                    Assert.Contains($"{index}:{(string)panel["panelRefName"]!}", names);
                    continue;
                }

                if ((string)panel["type"]! == "visualization")
                {
                    Assert.Equal("markdown", (string)panel["embeddableConfig"]!["savedVis"]!["type"]!);
                    continue;
                }

                Assert.Contains($"{index}:indexpattern-datasource-layer-layer1", names);
                var layer = Layer(panel);
                Assert.Equal(layer["columns"]!.AsObject().Select(column => column.Key).Order(), layer["columnOrder"]!.AsArray().Select(id => (string)id!).Order());
            }
        }
    }

    [Fact]
    public void EveryColumnHasAHeadingOfItsOwn() =>
        Assert.All(LensPanels().SelectMany(pair => Layer(pair.Panel)["columns"]!.AsObject()), column =>
        {
            Assert.True((bool)column.Value!["customLabel"]!);
            Assert.DoesNotMatch(@"[a-z]\.[a-z]", (string)column.Value["label"]!);
        });

    [Fact]
    public void SeveritiesAreShownByName()
    {
        var formats = JsonNode.Parse((string)Of("index-pattern").Single()["attributes"]!["fieldFormatMap"]!)!;
        var entries = formats["event.severity"]!["params"]!["lookupEntries"]!.AsArray();

        Assert.Equal("static_lookup", (string)formats["event.severity"]!["id"]!);
        Assert.Equal(
            Enum.GetValues<EventSeverity>().Select(severity => ($"{severity:D}", severity.ToString().ToLowerInvariant())).Order(),
            entries.Select(entry => ((string)entry!["key"]!, (string)entry["value"]!)).Order());
    }

    [Fact]
    public void EveryPageLeadsToEveryOtherAndCanBeNarrowed()
    {
        foreach (var dashboard in Of("dashboard"))
        {
            var links = (string)Panels(dashboard).First()["embeddableConfig"]!["savedVis"]!["params"]!["markdown"]!;
            Assert.Equal(
                Of("dashboard").Where(other => other != dashboard).Select(other => (string)other["id"]!).Order(),
                LinkInText().Matches(links).Select(match => match.Groups["id"].Value).Order());
            Assert.NotEmpty(JsonNode.Parse((string)dashboard["attributes"]!["controlGroupInput"]!["panelsJSON"]!)!.AsObject());
        }
    }

    [Fact]
    public void AnAddressAndAnAccountInAPanelLeadToTheirStory()
    {
        string[] leading = ["source.ip", "user.name", "user.target.name", "user.hash"];
        foreach (var (dashboard, panel) in Of("dashboard").SelectMany(dashboard => Panels(dashboard).Select(panel => (dashboard, panel))))
        {
            var events = panel["embeddableConfig"]!["enhancements"]!["dynamicActions"]?["events"]!.AsArray();
            var divides = (string)panel["type"]! == "lens" && Layer(panel)["columns"]!.AsObject()
                .Any(column => (bool)column.Value!["isBucketed"]! && leading.Contains((string)column.Value["sourceField"]!, StringComparer.Ordinal));
            Assert.Equal(divides, events is not null);
            if (events is null)
            {
                continue;
            }

            var drilldown = Assert.Single(events)!;
            var reference = $"{panel["panelIndex"]}:drilldown:{drilldown["action"]!["factoryId"]}:{drilldown["eventId"]}:dashboardId";
            Assert.Equal("DASHBOARD_TO_DASHBOARD_DRILLDOWN", (string)drilldown["action"]!["factoryId"]!); // one to an address of any kind needs a paid licence
            Assert.Equal("FILTER_TRIGGER", (string)Assert.Single(drilldown["triggers"]!.AsArray())!);
            Assert.Equal(
                "security-audit-story", (string)dashboard["references"]!.AsArray().Single(item => (string)item!["name"]! == reference)!["id"]!);
        }

        Assert.Contains(LensPanels(), pair => pair.Panel["embeddableConfig"]!["enhancements"]!["dynamicActions"] is not null);
    }

    /// <summary>In the link's notation a quote ends the text that stands in it: only what cannot have one may be put there.</summary>
    [Fact]
    public void OnlyWhatCannotHoldAQuoteIsPutIntoALink()
    {
        var formats = JsonNode.Parse((string)Of("index-pattern").Single()["attributes"]!["fieldFormatMap"]!)!.AsObject();
        var linked = formats.Where(format => (string)format.Value!["id"]! == "url").ToList();

        Assert.Equal(["source.ip", "user.hash"], linked.Select(format => format.Key));
        Assert.All(linked, format => Assert.Equal(
            $"../app/dashboards#/view/security-audit-story?_a=(query:(language:kuery,query:'{format.Key}:%22{{{{value}}}}%22'))",
            (string)format.Value!["params"]!["urlTemplate"]!));
    }

    [Fact]
    public void EveryFieldThatIsNamedIsIndexedWithAFittingType()
    {
        foreach (var (where, field, operation) in Columns().Concat(Queries()).Concat(SearchColumns()).Concat(ControlFields()))
        {
            var type = AuditFields.Find(field)?.Type;
            Assert.True(type is not null, $"{where} names {field}, which is not in the list of fields.");
            var fits = operation switch
            {
                "terms" or "unique_count" or "control" => type is FieldType.Keyword or FieldType.Wildcard or FieldType.Ip or FieldType.Long or FieldType.Boolean,
                "max" or "min" => type is FieldType.Long or FieldType.Float or FieldType.Date,
                "date_histogram" => type is FieldType.Date,
                _ => true,
            };
            Assert.True(fits, $"{where} does {operation} on {field}, which is {type}.");
        }
    }

    [Fact]
    public void TheStoryCanBeToldOfAUserOrAnAddress()
    {
        var story = Of("dashboard").Single(item => (string)item["id"]! == "security-audit-story");

        Assert.Equal(
            ["related.user", "related.ip", "user.hash", "session.id"],
            ControlFields().Where(control => control.Where == "security-audit-story").Select(control => control.Field));
        Assert.Equal(4, story["references"]!.AsArray().Count(reference => ((string)reference!["name"]!).StartsWith("controlGroup_", StringComparison.Ordinal)));
    }

    internal static IEnumerable<(string Dashboard, JsonNode Panel)> LensPanels() =>
        Of("dashboard").SelectMany(dashboard => Panels(dashboard).Where(panel => (string)panel["type"]! == "lens").Select(panel => ((string)dashboard["id"]!, panel)));

    internal static IEnumerable<JsonObject> Of(string type) => Objects.Where(item => (string)item["type"]! == type);

    internal static JsonNode Layer(JsonNode panel) => panel["embeddableConfig"]!["attributes"]!["state"]!["datasourceStates"]!["formBased"]!["layers"]!["layer1"]!;

    internal static string QueryOf(JsonNode panel) => (string)panel["embeddableConfig"]!["attributes"]!["state"]!["query"]!["query"]!;

    internal static string QueryOfSearch(JsonNode search) =>
        (string)JsonNode.Parse((string)search["attributes"]!["kibanaSavedObjectMeta"]!["searchSourceJSON"]!)!["query"]!["query"]!;

    private static IEnumerable<JsonNode> Panels(JsonNode dashboard) => JsonNode.Parse((string)dashboard["attributes"]!["panelsJSON"]!)!.AsArray().Select(panel => panel!);

    private static IEnumerable<(string Where, string Field, string Operation)> Columns() =>
        from pair in LensPanels()
        from column in Layer(pair.Panel)["columns"]!.AsObject()
        let field = (string)column.Value!["sourceField"]!
        where field != "___records___"
        select ($"{pair.Dashboard}: {pair.Panel["title"]}", field, (string)column.Value!["operationType"]!);

    private static IEnumerable<(string Where, string Field, string Operation)> Queries() =>
        from query in LensPanels().Select(pair => (Where: (string)pair.Panel["title"]!, Text: QueryOf(pair.Panel)))
            .Concat(Of("search").Select(search => (Where: (string)search["id"]!, Text: QueryOfSearch(search))))
        from Match match in FieldInQuery().Matches(query.Text)
        select (query.Where, match.Groups["field"].Value, "query");

    private static IEnumerable<(string Where, string Field, string Operation)> SearchColumns() =>
        Of("search").SelectMany(search => search["attributes"]!["columns"]!.AsArray().Select(column => ((string)search["id"]!, (string)column!, "column")));

    private static IEnumerable<(string Where, string Field, string Operation)> ControlFields() =>
        from dashboard in Of("dashboard")
        where dashboard["attributes"]!["controlGroupInput"] is not null
        from control in JsonNode.Parse((string)dashboard["attributes"]!["controlGroupInput"]!["panelsJSON"]!)!.AsObject()
        select ((string)dashboard["id"]!, (string)control.Value!["explicitInput"]!["fieldName"]!, "control");

    [GeneratedRegex(@"(?<field>[@a-z_.]+) : ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FieldInQuery();

    [GeneratedRegex(@"\]\(#/view/(?<id>[a-z-]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LinkInText();
}
