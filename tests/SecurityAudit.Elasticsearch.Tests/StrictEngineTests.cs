using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Opening;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>Tests of what is shipped to an engine that does what is asked of it at will.</summary>
public abstract class StrictEngineTests : IAsyncLifetime
{
    private protected TemporaryFolder Folder { get; } = new();

    private protected StrictEngine Engine { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Engine = await StrictEngine.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>One life: ships the log from its bookmark to its end.</summary>
    private protected async Task<ShippingRun> RunAsync(MemoryLog log, ElasticsearchOptions? options = null, BulkTarget? target = null)
    {
        var run = new ShippingRun(log, options ?? Some.Options(Engine.Url), Folder.Path, target);
        await run.ToEndAsync(TestContext.Current.CancellationToken);
        Assert.Null(Engine.Complaint);
        return run;
    }
}
