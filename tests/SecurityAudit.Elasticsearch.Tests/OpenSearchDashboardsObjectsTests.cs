using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SecurityAudit.Elasticsearch.Kibana;
using SecurityAudit.Elasticsearch.Setup;
using SecurityAudit.Fields;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>The saved objects for OpenSearch Dashboards against the form that one exports. None runs here.</summary>
public sealed partial class OpenSearchDashboardsObjectsTests
{
    private static readonly List<JsonObject> Objects = [
        .. OpenSearchDashboardsObjects.Ndjson().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    [Fact]
    public void EveryReferenceResolvesEveryIdIsUniqueAndThereIsNoLens()
    {
        var known = Objects.Select(item => ((string)item["type"]!, (string)item["id"]!)).ToHashSet();

        Assert.Equal(Objects.Count, known.Count);
        Assert.All(Objects.SelectMany(item => item["references"]!.AsArray()), reference => Assert.Contains(((string)reference!["type"]!, (string)reference["id"]!), known));
        Assert.Equal(["dashboard", "index-pattern", "search", "visualization"], known.Select(item => item.Item1).Distinct().Order());
        Assert.Equal(6, Of("dashboard").Count());
        Assert.All(Of("visualization"), item => Assert.Contains((string)State(item)["type"]!, new[] { "metric", "histogram", "table", "markdown", "input_control_vis" }));
    }

    [Fact]
    public void EveryPanelHasItsReferenceAndItsPlace()
    {
        foreach (var dashboard in Of("dashboard"))
        {
            var names = dashboard["references"]!.AsArray().Select(reference => (string)reference!["name"]!).ToList();
            var panels = Parsed(dashboard["attributes"]!["panelsJSON"]).AsArray();
            Assert.Equal(names, panels.Select(panel => (string)panel!["panelRefName"]!));
            var taken = new HashSet<(int, int)>();
            foreach (var grid in panels.Select(panel => panel!["gridData"]!))
            {
                var cells =
                    from x in Enumerable.Range((int)grid["x"]!, (int)grid["w"]!)
                    from y in Enumerable.Range((int)grid["y"]!, (int)grid["h"]!)
                    select (x, y);
                Assert.All(cells, cell => Assert.True(cell.x < 48 && taken.Add(cell)));
            }
        }
    }

    [Fact]
    public void EveryAggregationHasAHeadingAndItsFieldIsInThePattern()
    {
        var fields = Parsed(Of("index-pattern").Single()["attributes"]!["fields"]).AsArray().ToDictionary(field => (string)field!["name"]!, StringComparer.Ordinal);
        var aggregations = Of("visualization").SelectMany(item => State(item)["aggs"]!.AsArray()).ToList();

        Assert.True(aggregations.Count > 100);
        Assert.All(aggregations, aggregation =>
        {
            Assert.DoesNotMatch(@"^$|[a-z]\.[a-z]", (string)aggregation!["params"]!["customLabel"]!);
            if ((string?)aggregation["params"]!["field"] is { } field)
            {
                // The newest value is read from the event itself.
                Assert.True((bool)fields[field]!["aggregatable"]! || (string)aggregation["type"]! == "top_hits", $"{field} cannot be counted.");
            }
        });
    }

    /// <summary>A pattern whose fields differ from the index's shows errors in the place of panels.</summary>
    [Fact]
    public void TheFieldsOfThePatternAreThoseThatTheTemplateMaps()
    {
        var mapped = FieldMapping.Properties(ElasticsearchDistribution.OpenSearch, new HashSet<string>());
        var fields = Parsed(Of("index-pattern").Single()["attributes"]!["fields"]).AsArray();

        Assert.Equal(
            mapped.Select(field => (field.Key, (string)field.Value!["type"]!)).OrderBy(field => field.Key, StringComparer.Ordinal),
            fields.Select(field => ((string)field!["name"]!, (string)field["esTypes"]![0]!)));
        Assert.Equal(AuditFields.All.Count(field => field.IsIndexed), fields.Count(field => (bool)field!["searchable"]!));
    }

    [Fact]
    public void EveryPageLeadsToEveryOtherAndCanBeNarrowed()
    {
        foreach (var dashboard in Of("dashboard"))
        {
            var shown = dashboard["references"]!.AsArray().Select(reference => Objects.Single(item => (string)item["id"]! == (string)reference!["id"]!)).ToList();
            var links = (string)State(shown[0])["params"]!["markdown"]!;
            Assert.Equal(
                Of("dashboard").Where(other => other != dashboard).Select(other => (string)other["id"]!).Order(),
                LinkInText().Matches(links).Select(match => match.Groups["id"].Value).Order());

            var controls = State(shown[1])["params"]!["controls"]!.AsArray();
            Assert.NotEmpty(controls);
            Assert.Equal(shown[1]["references"]!.AsArray().Select(reference => (string)reference!["name"]!), controls.Select(control => (string)control!["indexPatternRefName"]!));
        }
    }

    private static IEnumerable<JsonObject> Of(string type) => Objects.Where(item => (string)item["type"]! == type);

    private static JsonNode State(JsonNode item) => Parsed(item["attributes"]!["visState"]);

    private static JsonNode Parsed(JsonNode? text) => JsonNode.Parse((string)text!)!;

    [GeneratedRegex(@"\]\(#/view/(?<id>[a-z-]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LinkInText();
}
