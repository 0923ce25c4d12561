using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Setup;
using SecurityAudit.Fields;
using SecurityAudit.Opening;

namespace SecurityAudit.Elasticsearch.Tests;

public sealed class SetupTests(Engines engines)
{
    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task SetUpTwiceChangesNothingTheSecondTime(string engine)
    {
        var (connection, options) = await ConnectAsync(engine);

        var first = await Ask.SetUpAsync(connection, options);
        var second = await Ask.SetUpAsync(connection, options);

        Assert.DoesNotContain(first, step => step.Outcome == SetupOutcome.Failed);
        Assert.All(
            second.Where(step => !step.Name.StartsWith("retention", StringComparison.Ordinal)),
            step => Assert.Equal((step.Name, SetupOutcome.Unchanged), (step.Name, step.Outcome)));
    }

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task WhatTheOwnerChangedIsKept(string engine)
    {
        var (connection, options) = await ConnectAsync(engine);
        await Ask.SetUpAsync(connection, options);
        var path = "_index_template/" + IndexTemplates.Index(new IndexNames(options.Namespace));
        var template = (await Ask.JsonAsync(connection, HttpMethod.Get, path))["index_templates"]![0]!["index_template"]!.DeepClone().AsObject();
        template["priority"] = 777;
        Assert.True((await connection.SendAsync(HttpMethod.Put, path, System.Text.Encoding.UTF8.GetBytes(template.ToJsonString()))).IsSuccess);

        var kept = await Ask.SetUpAsync(connection, options);
        var after = (int)(await Ask.JsonAsync(connection, HttpMethod.Get, path))["index_templates"]![0]!["index_template"]!["priority"]!;
        var replaced = await Ask.SetUpAsync(connection, options, new SetupOptions { Overwrite = true });

        Assert.Equal(SetupOutcome.Kept, kept.Single(step => step.Name.StartsWith("index template", StringComparison.Ordinal)).Outcome);
        Assert.Equal(777, after);
        Assert.Equal(SetupOutcome.Updated, replaced.Single(step => step.Name.StartsWith("index template", StringComparison.Ordinal)).Outcome);
    }

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task ADryRunPrintsEveryRequestAndSendsNone(string engine)
    {
        var (connection, options) = await ConnectAsync(engine);
        var printed = new List<string>();

        var steps = await Ask.SetUpAsync(connection, options, new SetupOptions { Print = printed.Add, KeyName = "shop" });

        Assert.Empty(steps);
        Assert.Contains(printed, line => line.StartsWith("PUT /_component_template/securityaudit.events", StringComparison.Ordinal));
        Assert.Contains("POST /_security/api_key", printed);
        Assert.Contains(printed, line => line.Contains("\"create_doc\"", StringComparison.Ordinal));
        Assert.Equal(404, (await connection.SendAsync(HttpMethod.Get, "_index_template/" + IndexTemplates.Index(new IndexNames(options.Namespace)))).Status);
    }

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task EveryFieldHasItsTypeInTheIndexThatIsMade(string engine)
    {
        var (connection, options) = await ConnectAsync(engine);
        await Ask.SetUpAsync(connection, options);
        var target = await Bulk.BulkTarget.FindAsync(connection, options, default);
        using var folder = new TemporaryFolder();
        using var run = new ShippingRun(Some.Log(1), options, folder.Path, target);
        await run.ToEndAsync();

        var mappings = await Ask.JsonAsync(connection, HttpMethod.Get, target.Search + "/_mapping/field/*?include_defaults=false");

        var fields = mappings.AsObject().Single().Value!["mappings"]!.AsObject();
        foreach (var field in AuditFields.All)
        {
            var type = FieldMapping.TypeOf(field);
            var mapped = (string?)fields[field.Name]?["mapping"]?.AsObject().Single().Value!["type"];
            Assert.True(mapped == type || mapped == FieldMapping.Plain(type), $"{field} is {mapped}, expected {type} or {FieldMapping.Plain(type)}");
        }

        // Of the parts of its own name the index has the values, no event.
        Assert.DoesNotContain(
            fields, field => field.Key[0] != '_' && !field.Key.StartsWith("data_stream.", StringComparison.Ordinal) && AuditFields.Find(field.Key) is null);
    }

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task AHostileEventNeitherMakesTheMappingGrowNorIsRefused(string engine)
    {
        var (connection, options) = await ConnectAsync(engine);
        await Ask.SetUpAsync(connection, options);
        var target = await Bulk.BulkTarget.FindAsync(connection, options, default);
        using var folder = new TemporaryFolder();
        var attributes = string.Join(',', Enumerable.Range(0, 3000).Select(i => $"\"k{i}\":\"{i}\""));
        string[] hostile =
        [
            Some.Payload(0)[..^1] + $",{string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"field{i}\":{i}"))}}}", // larger than a journal's line can be
            Some.Payload(1)[..^1] + $",\"security_audit.attributes\":{{{attributes}}}}}",
            Some.Payload(2)[..^1] + $",\"deep\":{string.Concat(Enumerable.Repeat("{\"a\":", 200))}1{new string('}', 200)}}}",
            Some.Payload(3).Replace("\"192.0.2.3\"", "\"not an address\"", StringComparison.Ordinal)[..^1] + ",\"source.port\":\"x\",\"http.response.status_code\":\"abc\"}",
            Some.Payload(4)[..^1] + $",\"event.reason\":\"{new string('r', 40_000)}\"}}",
            Some.Payload(5)[..^1] + $",\"security_audit.attributes\":{{\"v\":\"{new string('v', 40_000)}\"}}}}",
        ];
        using var run = new ShippingRun(Some.Log(1), options, folder.Path, target);
        await run.ToEndAsync();
        var before = (await Ask.JsonAsync(connection, HttpMethod.Get, target.Search + "/_mapping")).ToJsonString();
        using var second = new ShippingRun(Some.Log(hostile.Length, i => hostile[i]), options, folder.Path, target);

        await second.ToEndAsync();

        Assert.Equal(7, await Ask.CountAsync(connection, target.Search));
        Assert.Equal(before, (await Ask.JsonAsync(connection, HttpMethod.Get, target.Search + "/_mapping")).ToJsonString());
        // OpenSearch's flat_object knows no ignore_above: a value above 32,766 bytes, which the core never writes, comes as an envelope.
        Assert.Equal(engine == Engines.OpenSearch ? [5L] : [], second.Files.DeadLetters().Select(letter => letter.Sequence));
    }

    [Fact]
    public async Task EventIngestedIsWrittenByAPipelineThatStaysUntilItIsSaidOtherwise()
    {
        await using var engine = await SetupEngine.StartAsync();
        var options = Some.Options(engine.Url);
        using var connection = new ElasticsearchConnection(options);
        string? Pipeline() => (string?)engine.Put["_component_template/securityaudit.events@package"]["template"]!["settings"]!["index.final_pipeline"];

        var plain = await Ask.SetUpAsync(connection, options);
        var (before, named) = (Pipeline(), engine.Put.ContainsKey("_ingest/pipeline/" + IndexTemplates.Pipeline));
        var first = await Ask.SetUpAsync(connection, options, new SetupOptions { EventIngested = true });
        var set = engine.Put["_ingest/pipeline/" + IndexTemplates.Pipeline]["processors"]![0]!["set"]!;
        var wanted = Pipeline();
        var second = await Ask.SetUpAsync(connection, options);
        var kept = Pipeline();
        await Ask.SetUpAsync(connection, options, new SetupOptions { EventIngested = false });

        Assert.False(named);
        Assert.Null(before);
        Assert.DoesNotContain(plain.Concat(first), step => step.Outcome == SetupOutcome.Failed);
        Assert.Equal(("event.ingested", "{{{_ingest.timestamp}}}"), ((string)set["field"]!, (string)set["value"]!));
        Assert.Equal(IndexTemplates.Pipeline, wanted);
        Assert.Equal(IndexTemplates.Pipeline, kept);
        Assert.Equal(SetupOutcome.Unchanged, second.Single(step => step.Name.StartsWith("ingest pipeline", StringComparison.Ordinal)).Outcome);
        Assert.Null(Pipeline());
    }

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task AnEngineWithoutTheProcessorSaysSoAndNoTemplateNamesThePipeline(string engine)
    {
        var (connection, options) = await ConnectAsync(engine);

        var steps = await Ask.SetUpAsync(connection, options, new SetupOptions { EventIngested = true });

        var step = steps.Single(step => step.Name.StartsWith("ingest pipeline", StringComparison.Ordinal));
        Assert.Equal(SetupOutcome.Failed, step.Outcome);
        Assert.Contains("[set]", step.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(
            IndexTemplates.Pipeline, (await Ask.JsonAsync(connection, HttpMethod.Get, "_component_template/securityaudit.events*")).ToJsonString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task InElasticsearchTheIndexItselfSaysThePartsOfItsDataStreamsName()
    {
        await using var engine = await SetupEngine.StartAsync();
        var options = Some.Options(engine.Url);
        using var connection = new ElasticsearchConnection(options);

        await Ask.SetUpAsync(connection, options);

        var parts = engine.Put["_index_template/securityaudit.events-default"]["template"]!["mappings"]!["properties"]!["data_stream"]!["properties"]!;
        string Part(string name) => (string)parts[name]!["type"]! + "=" + (string)parts[name]!["value"]!;
        Assert.Equal(
            ["constant_keyword=logs", "constant_keyword=securityaudit.events", "constant_keyword=default"], [Part("type"), Part("dataset"), Part("namespace")]);
    }

    [Fact]
    public async Task AnEngineThatKnowsNoIndexModeIsSetUpWithoutOne()
    {
        await using var engine = await SetupEngine.StartAsync();
        engine.Refuses = (
            "index.mode",
            """{"error":{"type":"illegal_argument_exception","reason":"unknown setting [index.mode] please check that any required plugins are installed"},"status":400}""");
        var options = Some.Options(engine.Url);
        using var connection = new ElasticsearchConnection(options);

        var first = await Ask.SetUpAsync(connection, options);
        var second = await Ask.SetUpAsync(connection, options);

        Assert.DoesNotContain(first, step => step.Outcome == SetupOutcome.Failed);
        Assert.Contains("knows no index.mode", first.Single(step => step.Name.StartsWith("component", StringComparison.Ordinal)).Detail, StringComparison.Ordinal);
        Assert.Equal(SetupOutcome.Unchanged, second.Single(step => step.Name.StartsWith("component", StringComparison.Ordinal)).Outcome);
    }

    private async Task<(ElasticsearchConnection Connection, ElasticsearchOptions Options)> ConnectAsync(string engine)
    {
        var options = Some.Options(await engines.UrlAsync(engine));
        options.Namespace = Some.Namespace();
        return (new ElasticsearchConnection(options), options);
    }
}
