using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SecurityAudit.Elasticsearch.Kibana;
using SecurityAudit.Elasticsearch.Setup;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>No Kibana can be had here: a strict double of its import call, as the reference of Kibana 8.9 describes it.</summary>
public sealed class KibanaImportTests
{
    [Fact]
    public async Task TheObjectsArePutIntoKibanaAndWhatIsThereStays()
    {
        await using var kibana = await StrictKibana.StartAsync();
        using var client = new HttpClient();
        var options = new ElasticsearchOptions { ApiKey = "id:secret" };

        var first = await new KibanaImport(client, options).RunAsync(kibana.Url, overwrite: false, TestContext.Current.CancellationToken);
        Assert.Equal([SetupOutcome.Created], first.Select(step => step.Outcome));
        Assert.Equal(KibanaObjects.All().Count(), kibana.Objects.Count);
        Assert.Equal("ApiKey " + Convert.ToBase64String(Encoding.UTF8.GetBytes("id:secret")), kibana.Authorization);

        var second = await new KibanaImport(client, options).RunAsync(kibana.Url, overwrite: false, TestContext.Current.CancellationToken);
        Assert.All(second, step => Assert.Equal(SetupOutcome.Kept, step.Outcome));
        var replaced = await new KibanaImport(client, options).RunAsync(kibana.Url, overwrite: true, TestContext.Current.CancellationToken);
        Assert.Equal([SetupOutcome.Created], replaced.Select(step => step.Outcome));
    }

    [Fact]
    public async Task ARefusalIsSaid()
    {
        await using var kibana = await StrictKibana.StartAsync();
        using var client = new HttpClient();

        var steps = await new KibanaImport(client, new ElasticsearchOptions()).RunAsync(new Uri(kibana.Url, "elsewhere/"), overwrite: false, TestContext.Current.CancellationToken);

        Assert.Equal(SetupOutcome.Failed, Assert.Single(steps).Outcome);
        Assert.Contains("404", steps[0].Detail, StringComparison.Ordinal);
    }

    private sealed class StrictKibana(WebApplication app) : IAsyncDisposable
    {
        public Dictionary<string, JsonNode> Objects { get; } = new(StringComparer.Ordinal);

        public string? Authorization { get; private set; }

        public Uri Url => new(app.Urls.Single() + "/");

        public static async Task<StrictKibana> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var kibana = new StrictKibana(app);
            app.MapPost("/api/saved_objects/_import", kibana.ImportAsync);
            await app.StartAsync();
            return kibana;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task<IResult> ImportAsync(HttpRequest request)
        {
            Authorization = request.Headers.Authorization;
            if (request.Headers["kbn-xsrf"].Count == 0)
            {
                return Results.Json(new { statusCode = 400, error = "Bad Request", message = "Request must contain a kbn-xsrf header." }, statusCode: 400);
            }

            var form = await request.ReadFormAsync();
            if (form.Files.GetFile("file") is not { } file || !file.FileName.EndsWith(".ndjson", StringComparison.Ordinal))
            {
                return Results.Json(new { statusCode = 415, error = "Unsupported Media Type", message = "Invalid file extension" }, statusCode: 415);
            }

            using var reader = new StreamReader(file.OpenReadStream());
            var objects = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
            var errors = new JsonArray();
            var created = 0;
            foreach (var item in objects)
            {
                var name = $"{item["type"]}:{item["id"]}";
                if (Objects.ContainsKey(name) && request.Query["overwrite"] != "true")
                {
                    errors.Add(new JsonObject { ["id"] = (string?)item["id"], ["type"] = (string?)item["type"], ["error"] = new JsonObject { ["type"] = "conflict" } });
                }
                else
                {
                    Objects[name] = item;
                    created++;
                }
            }

            var answer = new JsonObject { ["success"] = errors.Count == 0, ["successCount"] = created };
            if (errors.Count > 0)
            {
                answer["errors"] = errors;
            }

            return Results.Text(answer.ToJsonString(), "application/json");
        }
    }
}
