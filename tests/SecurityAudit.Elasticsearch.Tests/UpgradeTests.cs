using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Setup;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
using SecurityAudit.Opening;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>
/// What version 2 of the templates set up on these engines (<c>Schema/templates-2-*.json</c>, as the engine gave it back) and events went
/// into, set up again.
/// </summary>
public sealed class UpgradeTests
{
    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task AnIndexThatAVersionBeforeSetUpTakesTheNewFieldsAndEventsAreSearchedByThem(string engine)
    {
        Engines.SkipWithoutOwnEngine();
        await using var process = await EngineProcess.StartAsync(engine);
        var options = Some.Options(process.Url);
        using var connection = new ElasticsearchConnection(options);
        await InstallVersion2Async(connection, engine, fields => fields.Remove("event.code"));
        var target = await BulkTarget.FindAsync(connection, options, default);
        using var folder = new TemporaryFolder();
        using var before = new ShippingRun(Some.Log(1), options, folder.Path, target);
        await before.ToEndAsync();
        var unknown = await SearchAsync(connection, target);

        var changed = await Ask.SetUpAsync(connection, options);
        await InstallVersion2Async(connection, engine, _ => { });
        var first = await Ask.SetUpAsync(connection, options);
        using var after = new ShippingRun(
            Some.Log(1, i => Some.Payload(i)[..^1] + $",\"{AlertFields.Stage}\":\"raised\"}}"), options, folder.Path, target);
        await after.ToEndAsync();
        var second = await Ask.SetUpAsync(connection, options);

        Assert.Equal(0, unknown);
        Assert.Equal(SetupOutcome.Kept, changed.Single(step => step.Name.StartsWith("component", StringComparison.Ordinal)).Outcome);
        Assert.Equal(SetupOutcome.Unchanged, Fields(changed).Outcome); // an owner who changed the mapping chose its fields
        Assert.Equal(1, await SearchAsync(connection, target));
        Assert.DoesNotContain(first, step => step.Outcome == SetupOutcome.Failed);
        Assert.Equal(SetupOutcome.Updated, first.Single(step => step.Name.StartsWith("component", StringComparison.Ordinal)).Outcome);
        Assert.Matches("got [1-9][0-9]* fields more", Fields(first).Detail);
        Assert.Equal(SetupOutcome.Unchanged, Fields(second).Outcome);
        var mapped = await Ask.JsonAsync(connection, HttpMethod.Get, target.Search + "/_mapping/field/*?include_defaults=false");
        Assert.All(AuditFields.All, field => Assert.NotNull(mapped.AsObject().Single().Value!["mappings"]![field.Name]));
    }

    private static SetupStep Fields(IEnumerable<SetupStep> steps) =>
        steps.Single(step => step.Name.StartsWith("data stream", StringComparison.Ordinal) || step.Name.StartsWith("fields", StringComparison.Ordinal));

    private static async Task InstallVersion2Async(ElasticsearchConnection connection, string engine, Action<JsonObject> change)
    {
        var installed = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Schema", $"templates-2-{engine}.json")))!;
        foreach (var (kind, list) in new[] { ("component_template", "component_templates"), ("index_template", "index_templates") })
        {
            foreach (var template in installed["_" + kind]![list]!.AsArray())
            {
                var body = template![kind]!.DeepClone().AsObject();
                if (kind == "component_template")
                {
                    if (body["template"]!["mappings"]?["properties"] is JsonObject fields)
                    {
                        change(fields);
                    }
                }

                var answer = await connection.SendAsync(HttpMethod.Put, $"_{kind}/{template["name"]}", System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()));
                Assert.True(answer.IsSuccess, answer.Error);
            }
        }
    }

    private static async Task<int> SearchAsync(ElasticsearchConnection connection, BulkTarget target)
    {
        await Ask.RefreshAsync(connection, target.Search);
        return (int)(await Ask.JsonAsync(connection, HttpMethod.Get, $"{target.Search}/_count?q={AlertFields.Stage}:raised"))["count"]!;
    }
}
