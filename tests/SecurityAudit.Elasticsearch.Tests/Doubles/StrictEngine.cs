using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>
/// An engine on loopback that stores what <c>create</c> stores, refuses whatever a real one would not understand, and misbehaves when told
/// to.
/// </summary>
internal sealed class StrictEngine : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, BulkCall, Task<bool>>> _faults = new();

    private StrictEngine(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    public List<BulkCall> Calls { get; } = [];

    /// <summary>By backing index and id.</summary>
    public ConcurrentDictionary<(string Index, string Id), byte[]> Stored { get; } = new();

    public int Generation { get; set; } = 1;

    public bool MayRead { get; set; }

    public string? Complaint { get; private set; }

    public static async Task<StrictEngine> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var engine = new StrictEngine(app);
        app.Run(engine.AnswerAsync);
        await app.StartAsync();
        engine.Url = new Uri(app.Urls.First() + "/");
        return engine;
    }

    /// <summary>
    /// The next call that has no other fault gets this: true means that it was answered, false that the engine should do its work.
    /// </summary>
    public void Next(Func<HttpContext, BulkCall, Task<bool>> fault) => _faults.Enqueue(fault);

    public void NextStatus(int status, string body = """{"error":{"type":"x","reason":"y"},"status":0}""", Action<HttpContext>? more = null, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            Next(async (context, _) =>
            {
                context.Response.StatusCode = status;
                context.Response.ContentType = "application/json";
                more?.Invoke(context);
                await context.Response.WriteAsync(body);
                return true;
            });
        }
    }

    /// <summary>Stores everything, and then the answer never comes.</summary>
    public void NextStoredWithoutAnswer() => Next((context, call) =>
    {
        Store(call);
        context.Abort();
        return Task.FromResult(true);
    });

    /// <summary>The answer that the engine would give, changed.</summary>
    public void NextAnswer(Func<JsonObject, string> change) => Next(async (context, call) =>
    {
        await context.Response.WriteAsync(change(Store(call)));
        return true;
    });

    public void ClearFaults() => _faults.Clear();

    public void Refuse(Func<BulkDocument, int?> refuse) => _refuse = refuse;

    private Func<BulkDocument, int?> _refuse = _ => null;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers["X-elastic-product"] = "Elasticsearch";
        if (context.Request.Path.Value!.EndsWith("/_bulk", StringComparison.Ordinal))
        {
            await BulkAsync(context);
        }
        else if (context.Request.Path.Value.EndsWith("/_search", StringComparison.Ordinal) && MayRead)
        {
            await SearchAsync(context);
        }
        else
        {
            context.Response.StatusCode = 403;
        }
    }

    private async Task BulkAsync(HttpContext context)
    {
        BulkCall call;
        try
        {
            call = await ReadAsync(context);
            lock (Calls)
            {
                Calls.Add(call);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            Complaint ??= error.Message;
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("""{"error":{"type":"illegal_argument_exception","reason":"malformed"},"status":400}""");
            return;
        }

        if (_faults.TryDequeue(out var fault) && await fault(context, call))
        {
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(Store(call).ToJsonString());
    }

    private async Task<BulkCall> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Method != "POST" || request.ContentType != "application/x-ndjson" || request.Headers.Accept != "application/json")
        {
            throw new InvalidDataException($"{request.Method} {request.ContentType} {request.Headers.Accept}");
        }

        using var body = new MemoryStream();
        var encoding = request.Headers.ContentEncoding.ToString();
        await using var input = Unpacked(request);
        await input.CopyToAsync(body);
        var text = body.ToArray();
        if (text.Length == 0 || text[^1] != '\n')
        {
            throw new InvalidDataException("The bulk request must be terminated by a newline.");
        }

        var lines = Split(text);
        if (lines.Count % 2 != 0)
        {
            throw new InvalidDataException("An action without a document.");
        }

        var documents = new List<BulkDocument>();
        for (var i = 0; i < lines.Count; i += 2)
        {
            var action = JsonNode.Parse(lines[i])!.AsObject();
            if (action.Count != 1 || action["create"] is not JsonObject create || create.Any(pair => pair.Key is not ("_id" or "_index")))
            {
                throw new InvalidDataException($"Action {Encoding.UTF8.GetString(lines[i])}");
            }

            documents.Add(new BulkDocument((string?)create["_index"], (string)create["_id"]!, lines[i + 1]));
        }

        return new BulkCall(Calls.Count, request.Path.Value!, request.QueryString.Value!, documents, text.Length, encoding.Length > 0 ? encoding : null);
    }

    internal static Stream Unpacked(HttpRequest request) =>
        request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;

    private static List<byte[]> Split(byte[] text)
    {
        var lines = new List<byte[]>();
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            end = Array.IndexOf(text, (byte)'\n', start);
            lines.Add(text[start..end]);
        }

        return lines;
    }

    private JsonObject Store(BulkCall call)
    {
        var items = new JsonArray();
        var stream = call.Path.Trim('/').Split('/')[0];
        foreach (var document in call.Documents)
        {
            var index = document.Index ?? $".ds-{stream}-2026.11.24-{Generation:D6}";
            var status = _refuse(document) ?? (Stored.TryAdd((index, document.Id), document.Source) ? 201 : 409);
            var create = new JsonObject { ["_index"] = index, ["_id"] = document.Id, ["status"] = status };
            if (status >= 400 && status != 409)
            {
                create["error"] = new JsonObject { ["type"] = "document_parsing_exception", ["reason"] = "failed to parse. Preview of field's value: 'hunter2'" };
            }

            items.Add(new JsonObject { ["create"] = create });
        }

        return new JsonObject { ["errors"] = items.Any(item => (int)item!["create"]!["status"]! >= 400), ["items"] = items };
    }

    private async Task SearchAsync(HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(Unpacked(context.Request)))!;
        await context.Response.WriteAsync((body["aggs"] is null ? ByIds(body) : BySequence(body)).ToJsonString());
    }

    private JsonObject ByIds(JsonNode body)
    {
        var ids = body["query"]!["ids"]!["values"]!.AsArray().Select(id => (string)id!).ToHashSet();
        var hits = new JsonArray();
        foreach (var ((index, id), source) in Stored.Where(pair => ids.Contains(pair.Key.Id)))
        {
            hits.Add(new JsonObject
            {
                ["_id"] = id, ["_index"] = index,
                ["fields"] = new JsonObject { ["event.hash"] = new JsonArray((string)JsonNode.Parse(source)!["event.hash"]!) },
            });
        }

        return new JsonObject { ["hits"] = new JsonObject { ["hits"] = hits } };
    }

    /// <summary>The documents that fit the filter, by sequence number, with their hashes.</summary>
    private JsonObject BySequence(JsonNode body)
    {
        var filter = body["query"]!["bool"]!["filter"]!.AsArray();
        var log = (string)filter[0]!["term"]!["journal.id"]!;
        var sequences = filter[1]!["terms"]?["event.sequence"]!.AsArray().Select(sequence => (long)sequence!).ToHashSet();
        var action = (string?)filter[1]!["term"]?["event.action"];
        var least = (int?)body["aggs"]!["sequences"]!["terms"]!["min_doc_count"] ?? 1;
        var buckets = Stored.Values.Select(source => JsonNode.Parse(source)!)
            .Where(line => (string)line["journal.id"]! == log && (sequences?.Contains((long)line["event.sequence"]!) ?? (string)line["event.action"]! == action))
            .GroupBy(line => (long)line["event.sequence"]!)
            .Where(group => group.Count() >= least)
            .Select(group => new JsonObject
            {
                ["key"] = group.Key,
                ["hashes"] = new JsonObject { ["buckets"] = new JsonArray([.. group.Select(line => new JsonObject { ["key"] = (string)line["event.hash"]! })]) },
            });
        return new JsonObject { ["aggregations"] = new JsonObject { ["sequences"] = new JsonObject { ["buckets"] = new JsonArray([.. buckets]) } } };
    }
}
