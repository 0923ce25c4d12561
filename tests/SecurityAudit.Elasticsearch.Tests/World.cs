using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Hosting;
using SecurityAudit.Elasticsearch.Reconciliation;
using SecurityAudit.Elasticsearch.Setup;
using SecurityAudit.Journal;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>An engine that is set up for one test's namespace.</summary>
internal sealed class World : IDisposable
{
    private World(ElasticsearchConnection connection, ElasticsearchOptions options, BulkTarget target) => (Connection, Options, Target) = (connection, options, target);

    public ElasticsearchConnection Connection { get; }

    public ElasticsearchOptions Options { get; }

    public BulkTarget Target { get; }

    public Uri Url => new(Options.Url!);

    public static async Task<World> CreateAsync(Engines engines, string engine, Action<ElasticsearchOptions>? configure = null) =>
        await CreateAsync(await engines.UrlAsync(engine), configure);

    public static async Task<World> CreateAsync(Uri url, Action<ElasticsearchOptions>? configure = null)
    {
        var options = Some.Options(url);
        options.Namespace = Some.Namespace();
        configure?.Invoke(options);
        var connection = new ElasticsearchConnection(options);
        var steps = await Ask.SetUpAsync(connection, options);
        Assert.DoesNotContain(steps, step => step.Outcome == SetupOutcome.Failed);
        return new World(connection, options, await BulkTarget.FindAsync(connection, options, default));
    }

    public ElasticsearchOptions Through(Uri url)
    {
        var options = Some.Options(url);
        (options.Namespace, options.Layout, options.Distribution, options.RequestTimeout) = (Options.Namespace, Options.Layout, Target.Distribution, TimeSpan.FromSeconds(10));
        return options;
    }

    public async Task ShipAsync(DiskLog log, ElasticsearchConnection? through = null)
    {
        var files = new ShippingFiles(log.Directory, log.Log.Id);
        var shipper = new LogShippers(through ?? Connection, Options, Target).Of(files);
        using var reader = new JournalReader(log.Log.Directory, shipper.Record.Bookmark);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await shipper.ToEndAsync(reader.TryRead, null, bound.Token);
    }

    public Task<ReconcileReport> ReconcileAsync(DiskLog log, ReconcileOptions? options = null) =>
        new Reconciler(Connection, Options, Target, options ?? new ReconcileOptions()).RunAsync(log.Directory, log.Log);

    public async Task DeleteAsync(string id, long sequence)
    {
        var hit = await FindAsync(id, sequence);
        Assert.True((await Connection.SendAsync(HttpMethod.Delete, $"{hit["_index"]}/_doc/{hit["_id"]}")).IsSuccess);
    }

    public async Task ChangeAsync(string id, long sequence, Func<string, string> change)
    {
        var hit = await FindAsync(id, sequence);
        await DeleteAsync(id, sequence);
        await IndexAsync((string)hit["_id"]!, change(hit["_source"]!.ToJsonString()));
    }

    public async Task IndexAsync(string id, string source)
    {
        var index = Target.Layout == ElasticsearchLayout.DataStream ? Target.Search : Target.IndexOf(Encoding.UTF8.GetBytes(source))!;
        var answer = await Connection.SendAsync(HttpMethod.Put, $"{index}/_create/{id}", Encoding.UTF8.GetBytes(source));
        Assert.True(answer.IsSuccess, answer.Error);
    }

    public void Dispose() => Connection.Dispose();

    private async Task<JsonNode> FindAsync(string id, long sequence)
    {
        var query = $$$$"""{"query":{"bool":{"filter":[{"term":{"journal.id":"{{{{id}}}}"}},{"term":{"event.sequence":{{{{sequence}}}} } }]}}}""";
        return (await Ask.JsonAsync(Connection, HttpMethod.Post, Target.Search + "/_search", query))["hits"]!["hits"]![0]!;
    }
}

internal sealed class AnchorServices(World world) : IDisposable
{
    public ElasticsearchAnchor Anchor { get; } = new(world.Connection, Options(world), TimeProvider.System);

    public void Dispose()
    {
    }

    private static IOptions<ElasticsearchOptions> Options(World world)
    {
        world.Options.AnchorInterval = TimeSpan.FromTicks(1);
        return Microsoft.Extensions.Options.Options.Create(world.Options);
    }
}
