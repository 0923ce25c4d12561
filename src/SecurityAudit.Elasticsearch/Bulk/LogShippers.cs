using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Bulk;

/// <summary>Makes the shippers of logs to one target.</summary>
internal sealed class LogShippers(
    ElasticsearchConnection connection, ElasticsearchOptions options, BulkTarget target,
    TimeProvider? time = null, ShippingMetrics? metrics = null, Action<ShippingNotice>? notify = null, Func<double>? random = null)
{
    public LogShipper Of(ShippingFiles files) =>
        new(new ElasticsearchDestination(files.LogId, connection, target, files.Load(target.Search)), OptionsOf(options), files, time, metrics, notify, random);

    public static ShippingOptions OptionsOf(ElasticsearchOptions options) => new()
    {
        BatchEvents = options.BatchEvents,
        BatchBytes = options.BatchBytes,
        Linger = options.Linger,
        MinBackoff = options.MinBackoff,
        MaxBackoff = options.MaxBackoff,
        StalledAfter = options.StalledAfter,
    };
}
