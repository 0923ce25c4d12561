using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Elasticsearch.Kibana;
using SecurityAudit.Elasticsearch.Setup;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>
/// Neither Kibana nor OpenSearch Dashboards can be had here: strict doubles of their import call, as Kibana's reference describes it and
/// both products' source does it.
/// </summary>
public sealed class KibanaImportTests
{
    [Fact]
    public async Task TheObjectsArePutIntoKibanaAndWhatIsThereStays()
    {
        await using var kibana = await StrictProduct.StartAsync(DashboardsProduct.Kibana);
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
    public async Task OpenSearchDashboardsIsKnownByItsVersionAndGetsDashboardsOfItsOwnKind()
    {
        await using var dashboards = await StrictProduct.StartAsync(DashboardsProduct.OpenSearchDashboards);
        using var client = new HttpClient();

        var steps = await new KibanaImport(client, new ElasticsearchOptions()).RunAsync(dashboards.Url, overwrite: false, TestContext.Current.CancellationToken);

        var created = Assert.Single(steps);
        Assert.Equal(("OpenSearch Dashboards objects", SetupOutcome.Created), (created.Name, created.Outcome));
        Assert.Equal(OpenSearchDashboardsObjects.All().Count(), dashboards.Objects.Count);
        Assert.All(dashboards.Objects.Values, item => Assert.NotNull(item["migrationVersion"]));
    }

    [Fact]
    public async Task ARefusalIsSaid()
    {
        await using var kibana = await StrictProduct.StartAsync(DashboardsProduct.Kibana, mayImport: false);
        using var client = new HttpClient();

        var steps = await new KibanaImport(client, new ElasticsearchOptions()).RunAsync(kibana.Url, overwrite: false, TestContext.Current.CancellationToken);

        Assert.Equal(SetupOutcome.Failed, Assert.Single(steps).Outcome);
        Assert.Contains("403", steps[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoeverIsNeitherProductIsSentNothing()
    {
        await using var kibana = await StrictProduct.StartAsync(DashboardsProduct.OpenSearchDashboards);
        using var client = new HttpClient();

        var steps = await new KibanaImport(client, new ElasticsearchOptions()).RunAsync(new Uri(kibana.Url, "elsewhere/"), overwrite: false, TestContext.Current.CancellationToken);

        Assert.Equal(SetupOutcome.Failed, Assert.Single(steps).Outcome);
        Assert.Contains("elsewhere/api/status answers", steps[0].Detail, StringComparison.Ordinal);
        Assert.Contains("404", steps[0].Detail, StringComparison.Ordinal);
        Assert.Contains("Check the address, its base path and the credentials", steps[0].Detail, StringComparison.Ordinal);
        Assert.Empty(kibana.Objects);
    }

    private sealed class StrictProduct(WebApplication app, DashboardsProduct product, bool mayImport) : IAsyncDisposable
    {
        private bool IsKibana => product == DashboardsProduct.Kibana;

        public Dictionary<string, JsonNode> Objects { get; } = new(StringComparer.Ordinal);

        public string? Authorization { get; private set; }

        public Uri Url => new(app.Urls.Single() + "/");

        public static Task<StrictProduct> StartAsync(DashboardsProduct product, bool mayImport = true) => LoopbackApp.StartAsync(app =>
        {
            var kibana = new StrictProduct(app, product, mayImport);
            app.MapGet("/api/status", kibana.Status);
            app.MapPost("/api/saved_objects/_import", kibana.ImportAsync);
            return kibana;
        });

        public ValueTask DisposeAsync() => app.DisposeAsync();

        /// <summary>Kibana says its name in a header to everybody, and its version to those it knows.</summary>
        private IResult Status(HttpContext context)
        {
            if (IsKibana)
            {
                context.Response.Headers["kbn-name"] = "kibana";
                return Results.Json(new { status = new { overall = new { level = "available" } } });
            }

            return Results.Json(new { name = "osd", version = new { number = "2.19.3", build_number = 8_412, build_snapshot = false } });
        }

        private async Task<IResult> ImportAsync(HttpRequest request)
        {
            Authorization = request.Headers.Authorization;
            var header = IsKibana ? "kbn-xsrf" : "osd-xsrf";
            if (request.Headers[header].Count == 0)
            {
                return Results.Json(new { statusCode = 400, error = "Bad Request", message = $"Request must contain a {header} header." }, statusCode: 400);
            }

            if (!mayImport)
            {
                return Results.Json(new { statusCode = 403, error = "Forbidden", message = "Unable to bulk_create dashboard" }, statusCode: 403);
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
                if (item[IsKibana ? "migrationVersion" : "typeMigrationVersion"] is not null
                    || (string)item["type"]! is not ("index-pattern" or "search" or "visualization" or "dashboard"))
                {
                    return Results.Json(new { statusCode = 422, error = "Unprocessable Entity", message = $"Document {name} is of another product" }, statusCode: 422);
                }

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
