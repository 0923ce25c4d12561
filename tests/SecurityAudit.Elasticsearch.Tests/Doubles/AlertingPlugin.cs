using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>OpenSearch's Alerting as its source has it, strict: the engine that is here has no plugins.</summary>
internal sealed class AlertingPlugin : IAsyncDisposable
{
    private static readonly Dictionary<string, (string Input, string Trigger)> Kinds = new(StringComparer.Ordinal)
    {
        ["query_level_monitor"] = ("search", "query_level_trigger"),
        ["bucket_level_monitor"] = ("search", "bucket_level_trigger"),
        ["doc_level_monitor"] = ("doc_level_input", "document_level_trigger"),
    };

    private readonly WebApplication _app;
    private int _number;

    private AlertingPlugin(WebApplication app)
    {
        _app = app;
        app.MapPost("/_plugins/_alerting/monitors/_search", SearchAsync);
        app.MapPost("/_plugins/_alerting/monitors", CreateAsync);
        app.MapPut("/_plugins/_alerting/monitors/{id}", UpdateAsync);
    }

    public Uri Url => new(_app.Urls.Single() + "/");

    public ConcurrentDictionary<string, (JsonObject Monitor, long Version)> Monitors { get; } = new(StringComparer.Ordinal);

    public static Task<AlertingPlugin> StartAsync() => LoopbackApp.StartAsync(app => new AlertingPlugin(app));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> SearchAsync(HttpRequest request)
    {
        if (Monitors.IsEmpty)
        {
            const string reason = "Configured indices are not found: [.opendistro-alerting-config]";
            return Results.Json(new { error = new { type = "index_not_found_exception", reason }, status = 404 }, statusCode: 404);
        }

        var body = await BodyAsync(request);
        var name = (string)body["query"]!["term"]!["monitor.name.keyword"]!["value"]!;
        var hits = Monitors.Where(monitor => (string)monitor.Value.Monitor["name"]! == name).Select(monitor => (JsonNode)new JsonObject
        {
            ["_id"] = monitor.Key, ["_seq_no"] = monitor.Value.Version, ["_primary_term"] = 1, ["_source"] = monitor.Value.Monitor.DeepClone(),
        });
        return Results.Text(new JsonObject { ["hits"] = new JsonObject { ["hits"] = new JsonArray([.. hits]) } }.ToJsonString(), "application/json");
    }

    private async Task<IResult> CreateAsync(HttpRequest request)
    {
        var monitor = await BodyAsync(request);
        if (Fault(monitor) is { } fault)
        {
            return Refused(fault);
        }

        var id = $"monitor{Interlocked.Increment(ref _number)}";
        Monitors[id] = (monitor, 1);
        return Results.Text(new JsonObject { ["_id"] = id, ["monitor"] = monitor.DeepClone() }.ToJsonString(), "application/json", statusCode: 201);
    }

    private async Task<IResult> UpdateAsync(string id, HttpRequest request)
    {
        var monitor = await BodyAsync(request);
        if (Fault(monitor) is { } fault)
        {
            return Refused(fault);
        }

        if (request.Query["if_seq_no"] != $"{Monitors[id].Version}" || request.Query["if_primary_term"] != "1")
        {
            return Results.Json(new { error = "version_conflict_engine_exception", status = 409 }, statusCode: 409);
        }

        Monitors[id] = (monitor, Monitors[id].Version + 1);
        return Results.Text("{}", "application/json");
    }

    /// <summary>What the plugin refuses, by its own model.</summary>
    private static string? Fault(JsonObject monitor)
    {
        if ((string?)monitor["type"] != "monitor" || monitor["name"] is null || monitor["schedule"]?["period"] is not { } period)
        {
            return "type, name or schedule is missing";
        }

        if ((int)period["interval"]! < 1 || (string?)period["unit"] is not ("MINUTES" or "HOURS" or "DAYS"))
        {
            return "the schedule is none";
        }

        if (monitor["inputs"] is not JsonArray { Count: 1 } inputs || monitor["triggers"] is not JsonArray { Count: <= 10 } triggers
            || !Kinds.TryGetValue((string?)monitor["monitor_type"] ?? "", out var kind))
        {
            return "inputs, triggers or monitor_type cannot be";
        }

        if (inputs[0]!.AsObject().Single().Key != kind.Input || triggers.Any(trigger => trigger!.AsObject().Single().Key != kind.Trigger))
        {
            return "Incompatible trigger or input for the type of monitor";
        }

        var names = (inputs[0]!["doc_level_input"]?["queries"]?.AsArray() ?? []).Select(query => (string)query!["name"]!);
        if (names.Any(name => name.IndexOfAny([' ', '[', ']', '{', '}', '(', ')']) >= 0))
        {
            return "a query's name has a space or a bracket";
        }

        return triggers.Select(trigger => trigger![kind.Trigger]!).All(trigger =>
            trigger["name"] is not null && trigger["actions"] is JsonArray && (string?)trigger["condition"]!["script"]!["lang"] == "painless"
            && (string?)trigger["severity"] is "1" or "2" or "3" or "4" or "5") ? null : "a trigger cannot be";
    }

    private static IResult Refused(string reason) => Results.Json(new { error = new { type = "illegal_argument_exception", reason }, status = 400 }, statusCode: 400);

    private static async Task<JsonObject> BodyAsync(HttpRequest request) => (await JsonNode.ParseAsync(StrictEngine.Unpacked(request)))!.AsObject();
}
