using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>Keeps what is set up, as an engine with everything does: also ingest processors, which the engines here lack.</summary>
internal sealed class SetupEngine : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SetupEngine(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    public ConcurrentDictionary<string, JsonObject> Put { get; } = new();

    /// <summary>Answers a PUT of a body that holds this text with this error.</summary>
    public (string Holds, string Error)? Refuses { get; set; }

    public static async Task<SetupEngine> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var engine = new SetupEngine(app);
        app.Run(engine.AnswerAsync);
        await app.StartAsync();
        engine.Url = new Uri(app.Urls.First() + "/");
        return engine;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers["X-elastic-product"] = "Elasticsearch";
        var path = context.Request.Path.Value!.Trim('/');
        if (context.Request.Method == "PUT")
        {
            var body = context.Request.ContentLength > 0 ? (await JsonNode.ParseAsync(StrictEngine.Unpacked(context.Request)))!.AsObject() : [];
            if (Refuses is var (holds, error) && body.ToJsonString().Contains(holds, StringComparison.Ordinal))
            {
                context.Response.StatusCode = 400;
                await context.Response.WriteAsync(error);
                return;
            }

            Put[path] = body;
            await context.Response.WriteAsync("{}");
        }
        else if (path.Length == 0 || Put.ContainsKey(path))
        {
            await context.Response.WriteAsync(path.Length == 0 ? "{}" : AsAnswered(path, Put[path].DeepClone()).ToJsonString());
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }

    private static JsonObject AsAnswered(string path, JsonNode body)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return path.Split('/')[0] switch
        {
            "_component_template" => new JsonObject { ["component_templates"] = new JsonArray(new JsonObject { ["component_template"] = body }) },
            "_index_template" => new JsonObject { ["index_templates"] = new JsonArray(new JsonObject { ["index_template"] = body }) },
            _ => new JsonObject { [name] = body },
        };
    }
}
