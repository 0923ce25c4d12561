using System.Text;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Reconciliation;
using SecurityAudit.Elasticsearch.Setup;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>An engine may give a document back otherwise than it was sent: <c>logsdb</c> makes it anew, a pipeline adds to it.</summary>
public sealed class StoredFormTests(Engines engines)
{
    /// <summary>Elasticsearch 9 makes a <c>logs-*-*</c> stream logsdb where its template names no mode.</summary>
    [Theory]
    [InlineData(ElasticsearchLayout.DataStream)]
    [InlineData(ElasticsearchLayout.IndexPerPeriod)]
    public async Task OurTemplatesNameTheModeThatKeepsTheLineAsItWasSent(ElasticsearchLayout layout)
    {
        using var world = await World.CreateAsync(engines, Engines.Elasticsearch, options => options.Layout = layout);
        using var log = DiskLog.Of(40, Rich);

        await world.ShipAsync(log);

        Assert.Equal("standard", await ModeAsync(world, world.Target.Search));
        var report = await world.ReconcileAsync(log);
        Assert.Empty(report.Findings);
        Assert.Equal(report.Events, report.Once);
    }

    [Fact]
    public async Task WhereTheOwnerChoosesLogsdbReconcileComparesTheFormThatItGivesBack()
    {
        await using var engine = await LogsdbEngineAsync();
        using var owner = new ElasticsearchConnection(Some.Options(engine.Url));
        var chosen = await owner.SendAsync(
            HttpMethod.Put, "_component_template/" + IndexTemplates.Custom, """{"template":{"settings":{"index.mode":"logsdb"}}}"""u8.ToArray());
        Assert.True(chosen.IsSuccess);
        using var world = await World.CreateAsync(engine.Url);
        using var log = DiskLog.Of(40, Rich);

        await world.ShipAsync(log);
        var report = await world.ReconcileAsync(log);

        Assert.Equal("logsdb", await ModeAsync(world, world.Target.Search));
        var found = await Ask.JsonAsync(
            world.Connection, HttpMethod.Post, world.Target.Search + "/_search", """{"query":{"term":{"event.sequence":7}}}""");
        var source = found["hits"]!["hits"]![0]!["_source"]!;
        Assert.Null(source["event.action"]); // or this test would show nothing
        Assert.Equal("authn_login_fail", (string)source["event"]!["action"]!);
        Assert.Empty(report.Findings);
        Assert.Equal(report.Events, report.Once);

        await world.ChangeAsync(log.Log.Id, 7, text => text.Replace("user", "eve", StringComparison.Ordinal));
        await world.ChangeAsync(log.Log.Id, 8, text => text.Replace("\"c d\"", "\"mallory\"", StringComparison.Ordinal));
        Assert.Equal([7L, 8], (await world.ReconcileAsync(log)).Findings.Select(finding => finding.Sequence));
    }

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task WhatAPipelineMayAddIsNoDifferenceAndWhatItMayNotIs(string engine)
    {
        using var world = await World.CreateAsync(engines, engine);
        using var log = DiskLog.Of(10);
        await world.ShipAsync(log);
        await Ask.RefreshAsync(world.Connection, world.Target.Search);
        foreach (var (sequence, field) in new[] { (3, "event"), (4, "event"), (5, "geo") })
        {
            await world.ChangeAsync(log.Log.Id, sequence, text =>
            {
                var document = JsonNode.Parse(text)!.AsObject();
                document[field] = field == "event" ? new JsonObject { ["ingested"] = "2026-11-24T03:00:01.123Z" } : new JsonObject { ["city"] = "Bern" };
                return document.ToJsonString();
            });
        }

        Assert.Equal([5L], (await world.ReconcileAsync(log)).Findings.Select(finding => finding.Sequence));
        var known = await world.ReconcileAsync(log, new ReconcileOptions { AddedFields = ["event.ingested", "geo.city"] });
        Assert.Empty(known.Findings);
        Assert.Equal(known.Events, known.Once);
        Assert.Equal([3L, 4, 5], (await world.ReconcileAsync(log, new ReconcileOptions { AddedFields = [] })).Findings.Select(finding => finding.Sequence));
    }

    [Theory]
    [InlineData("""{"a.b":1,"c":"x"}""", """{"a":{"b":1},"c":"x"}""", true)]
    [InlineData("""{"a.b":1}""", """{"a":{"b":2}}""", false)]
    [InlineData("""{"a.b":1}""", """{"a":{"b":1,"c":2}}""", false)]
    [InlineData("""{"a.b":1}""", """{"a.b":1,"a":{"b":1}}""", false)]
    [InlineData("""{"event.action":"x","event.ingested":"2026-11-24T03:00:00Z"}""", """{"event.action":"x","event":{"ingested":"2027-11-24T03:00:00Z"}}""", false)]
    [InlineData("""{"@timestamp":"2026-11-24T03:00:00.1234567Z","event.kind":"event"}""", """{"@timestamp":"2026-11-24T03:00:00.123Z","event":{"kind":"event"}}""", true)]
    [InlineData("""{"@timestamp":"2026-11-24T03:00:00.1234567Z","event.kind":"event"}""", """{"@timestamp":"2026-11-24T03:00:00.123Z","event.kind":"event"}""", false)]
    [InlineData("""{"@timestamp":"2026-11-24T03:00:00.1234567Z","event.kind":"event"}""", """{"@timestamp":"2026-11-24T03:00:00.124Z","event":{"kind":"event"}}""", false)]
    [InlineData("""{"event.category":["b","a","b"],"related.ip":["::ffff:192.0.2.1"]}""", """{"event":{"category":["a","b"]},"related":{"ip":"192.0.2.1"}}""", true)]
    [InlineData("""{"event.category":["b","a"]}""", """{"event":{"category":["a","c"]}}""", false)]
    [InlineData("""{"event.risk_score":47.1,"source.port":443}""", """{"event":{"risk_score":47.1},"source":{"port":443}}""", true)]
    [InlineData("""{"security_audit.attributes":{"n":5,"gone":null,"t":true}}""", """{"security_audit":{"attributes":{"n":"5","t":"true"}}}""", true)]
    [InlineData("""{"security_audit.attributes":{"n":5}}""", """{"security_audit":{"attributes":{"n":"6"}}}""", false)]
    public void TheComparisonForgivesTheFormAndNothingElse(string line, string source, bool isSame) =>
        Assert.Equal(isSame, new SourceComparison(["event.ingested"]).IsSame(Encoding.UTF8.GetBytes(line), Encoding.UTF8.GetBytes(source)));

    private static string Rich(long i) => Some.Payload(i).Replace(".000Z", ".0001234Z", StringComparison.Ordinal)[..^1]
        + $$""","event.risk_score":47.{{i}},"related.ip":["198.51.100.9","192.0.2.1"],"related.user":["b","a","b"],"url.path":"/a/{{i}}","user.roles":"""
        + $$"""["only"],"security_audit.authn.mfa":false,"security_audit.attributes":{"order":{{i}},"c":"c d","empty":""},"security_audit.unknown":"""
        + """{"a.b":[3,1,2]},"http.response.status_code":401}""";

    private static Task<EngineProcess> LogsdbEngineAsync()
    {
        Engines.SkipWithoutOwnEngine();
        return EngineProcess.StartAsync(Engines.Elasticsearch, data: null, "xpack.license.self_generated.type=trial");
    }

    private static async Task<string?> ModeAsync(World world, string stream)
    {
        var settings = (await Ask.JsonAsync(world.Connection, HttpMethod.Get, stream + "/_settings")).AsObject().Single().Value!["settings"]!["index"]!;
        return (string?)settings["mode"];
    }
}
