using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Setup;

namespace SecurityAudit.Elasticsearch.Rules;

/// <summary>
/// Puts the monitors into OpenSearch. The server makes their ids, so each is looked for by its name; what is there stays, unless told
/// otherwise.
/// </summary>
internal sealed class MonitorSetup(ElasticsearchConnection connection, SetupOptions setup)
{
    private const string Path = "_plugins/_alerting/monitors";

    public async Task<IReadOnlyList<SetupStep>> RunAsync(AlertingMonitors monitors, CancellationToken cancellationToken)
    {
        List<SetupStep> steps = [];
        foreach (var monitor in monitors.Monitors)
        {
            var name = (string)monitor["name"]!;
            if (setup.DryRun)
            {
                setup.Print!($"POST /{Path}\n{monitor.ToJsonString()}\n");
                continue;
            }

            var step = await PutAsync("monitor " + name, name, monitor, cancellationToken);
            steps.Add(step);
            if (step.Outcome == SetupOutcome.Skipped)
            {
                return steps;
            }
        }

        return [.. steps, .. LeftOut(monitors.LeftOut)];
    }

    public static IEnumerable<SetupStep> LeftOut(ImmutableArray<string> leftOut) => leftOut.Select(reason => new SetupStep("rule " + reason, SetupOutcome.Skipped));

    private async Task<SetupStep> PutAsync(string step, string name, JsonObject monitor, CancellationToken cancellationToken)
    {
        var query = new JsonObject
        {
            ["size"] = 2, ["seq_no_primary_term"] = true,
            ["query"] = new JsonObject { ["term"] = new JsonObject { ["monitor.name.keyword"] = new JsonObject { ["value"] = name } } },
        };
        var search = await connection.SendAsync(HttpMethod.Post, Path + "/_search", JsonBody.Of(query), cancellationToken);
        if (search.Status is 400 or 405 && search.Body.Span.IndexOf("_plugins/_alerting"u8) >= 0)
        {
            return new SetupStep(
                "monitors", SetupOutcome.Skipped,
                "this engine has no Alerting: install the plugin opensearch-alerting, or let 'security-audit detect --watch' judge");
        }

        if (!search.IsSuccess && search.Status != 404)
        {
            return new SetupStep(step, SetupOutcome.Failed, search.Error);
        }

        // Before the first monitor there is no index of monitors, and some versions say so.
        var there = search.IsSuccess ? JsonNode.Parse(search.Body.Span)!["hits"]!["hits"]!.AsArray().FirstOrDefault(hit => NameOf(hit) == name) : null;
        if (there is null)
        {
            var made = await connection.SendAsync(HttpMethod.Post, Path, JsonBody.Of(monitor), cancellationToken);
            return made.IsSuccess ? new SetupStep(step, SetupOutcome.Created, "switched off") : new SetupStep(step, SetupOutcome.Failed, made.Error);
        }

        if (!setup.Overwrite)
        {
            return new SetupStep(step, SetupOutcome.Kept, "it is there already; --overwrite replaces it");
        }

        var path = string.Create(
            CultureInfo.InvariantCulture, $"{Path}/{(string)there["_id"]!}?if_seq_no={(long)there["_seq_no"]!}&if_primary_term={(long)there["_primary_term"]!}");
        var put = await connection.SendAsync(HttpMethod.Put, path, JsonBody.Of(WithWhatIsTheOwners(monitor, Inner(there))), cancellationToken);
        return put.IsSuccess ? new SetupStep(step, SetupOutcome.Updated, "its actions, and whether it is on, stay") : new SetupStep(step, SetupOutcome.Failed, put.Error);
    }

    /// <summary>Whether it is on, and where it tells.</summary>
    private static JsonObject WithWhatIsTheOwners(JsonObject monitor, JsonNode there)
    {
        var whole = monitor.DeepClone().AsObject();
        whole["enabled"] = there["enabled"]?.DeepClone() ?? false;
        if (Trigger(there)?["actions"] is JsonArray actions && Trigger(whole) is { } trigger)
        {
            trigger["actions"] = actions.DeepClone();
        }

        return whole;
    }

    /// <summary>The first one, under its kind.</summary>
    private static JsonNode? Trigger(JsonNode monitor) => monitor["triggers"] is JsonArray { Count: > 0 } triggers ? triggers[0]!.AsObject().First().Value : null;

    private static string? NameOf(JsonNode? hit) => (string?)Inner(hit!)["name"];

    /// <summary>As the search gives it: bare, or under its kind.</summary>
    private static JsonNode Inner(JsonNode hit) => hit["_source"]!["monitor"] ?? hit["_source"]!;
}
