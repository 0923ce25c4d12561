using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>Kibana's import of detection rules, as its schema has it, strict: no Kibana can be had here.</summary>
internal sealed class DetectionEngine : IAsyncDisposable
{
    private static readonly string[] Known =
    [
        "rule_id", "version", "name", "description", "risk_score", "severity", "type", "enabled", "interval", "from", "to", "index", "tags", "author", "references",
        "false_positives", "note",
        "max_signals", "threat", "query", "language", "threshold", "new_terms_fields", "history_window_start", "tiebreaker_field",
    ];

    private readonly WebApplication _app;

    private DetectionEngine(WebApplication app)
    {
        _app = app;
        app.MapPost("/s/security/api/detection_engine/rules/_import", ImportAsync);
    }

    public Uri Url => new(_app.Urls.Single() + "/s/security/");

    public Dictionary<string, JsonNode> Rules { get; } = new(StringComparer.Ordinal);

    public static Task<DetectionEngine> StartAsync() => LoopbackApp.StartAsync(app => new DetectionEngine(app));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ImportAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (request.Headers["kbn-xsrf"].Count == 0 || form.Files.GetFile("file") is not { } file || !file.FileName.EndsWith(".ndjson", StringComparison.Ordinal))
        {
            return Results.Json(new { message = "Request must contain a kbn-xsrf header and a file .ndjson", status_code = 400 }, statusCode: 400);
        }

        using var reader = new StreamReader(file.OpenReadStream());
        var (errors, taken, count) = (new JsonArray(), 0, 0);
        foreach (var rule in (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!))
        {
            count++;
            var id = (string)rule["rule_id"]!;
            var (status, message) = Fault(rule.AsObject()) is { } fault ? (400, fault)
                : Rules.ContainsKey(id) && request.Query["overwrite"] != "true" ? (409, $"rule_id: \"{id}\" already exists")
                : (200, "");
            if (status == 200)
            {
                Rules[id] = rule;
                taken++;
            }
            else
            {
                errors.Add(new JsonObject { ["rule_id"] = id, ["error"] = new JsonObject { ["status_code"] = status, ["message"] = message } });
            }
        }

        var answer = new JsonObject { ["success"] = errors.Count == 0, ["success_count"] = taken, ["rules_count"] = count, ["errors"] = errors };
        return Results.Text(answer.ToJsonString(), "application/json");
    }

    private static string? Fault(JsonObject rule)
    {
        if (rule.FirstOrDefault(member => !Known.Contains(member.Key)).Key is { } unknown)
        {
            return $"Unrecognized key: {unknown}";
        }

        if ((string?)rule["name"] is not { Length: > 0 } || (string?)rule["description"] is not { Length: > 0 } 
            || (int?)rule["risk_score"] is not (>= 0 and <= 100) || (int?)rule["version"] is not >= 1)
        {
            return "name, description, risk_score or version: Required";
        }

        return ((string?)rule["type"], (string?)rule["language"]) switch
        {
            ("threshold", "kuery") when (int?)rule["threshold"]?["value"] is >= 1 && rule["threshold"]!["field"] is JsonArray => null,
            ("eql", "eql") when ((string)rule["query"]!).StartsWith("sequence", StringComparison.Ordinal) => null,
            ("new_terms", "kuery") when rule["new_terms_fields"] is JsonArray { Count: >= 1 and <= 3 }
                && ((string?)rule["history_window_start"])?.StartsWith("now-", StringComparison.Ordinal) == true => null,
            _ => "type: Invalid discriminator value",
        };
    }
}
