using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>One application's life: ships a log from where the last one stopped.</summary>
internal sealed class ShippingRun : IDisposable
{
    private readonly ElasticsearchConnection _connection;
    private readonly MemoryLog _log;

    public ShippingRun(
        MemoryLog log, ElasticsearchOptions options, string folder, BulkTarget? target = null, TimeProvider? time = null, Func<double>? random = null)
    {
        _log = log;
        _connection = new ElasticsearchConnection(options, time);
        Files = new ShippingFiles(folder, log.Id);
        Shipper = new LogShippers(_connection, options, target ?? Some.Target("default", ElasticsearchLayout.DataStream), time, null, Notices.Add, random).Of(Files);
        log.Next = Shipper.Record.Next;
    }

    public LogShipper Shipper { get; }

    public ShippingFiles Files { get; }

    public List<ShippingNotice> Notices { get; } = [];

    public async Task ToEndAsync(CancellationToken cancellationToken = default)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(60));
        Shipper.Fill(_log.Read);
        while (Shipper.Waiting > 0)
        {
            await Shipper.SettleAsync(bound.Token);
            Shipper.Fill(_log.Read);
        }
    }

    public void Dispose() => _connection.Dispose();
}
