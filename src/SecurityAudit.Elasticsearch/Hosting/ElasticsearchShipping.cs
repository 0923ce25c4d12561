using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Journal;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Hosting;

/// <summary>Ships this process's log and those that earlier processes left behind, from the start of the application to its end.</summary>
/// <remarks>Nothing here can fail the application: whatever goes wrong is logged, shown by the health check, and tried again.</remarks>
internal sealed partial class ElasticsearchShipping(
    IServiceProvider services,
    ElasticsearchConnection connection,
    IOptions<ElasticsearchOptions> options,
    ShippingMetrics metrics,
    ShippingJournal journal,
    TimeProvider time,
    ILogger<ElasticsearchShipping> logger) : BackgroundService
{
    private static readonly TimeSpan AfterAnError = TimeSpan.FromSeconds(5);

    private JournalWriter? _writer;
    private JournalShipper? _shipper;
    private string? _unknownTarget;

    /// <summary>What is known; null members until the first answer.</summary>
    public (ShippingRecord? Record, ShippingProgress? Progress, string? Problem) Status => (_shipper?.Own?.Record, _shipper?.Own?.Progress, _unknownTarget);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        metrics.Watch(() => _shipper?.Lag ?? (_writer?.DurableSize ?? 0, 0));
        try
        {
            _writer = await WriterAsync(stoppingToken);
            var target = await TargetAsync(stoppingToken);
            var shippers = new LogShippers(connection, options.Value, target, time, metrics, journal.Notice);
            _shipper = new JournalShipper(_writer, shippers.Of, time, error => Log.Failed(logger, error));
            await Task.WhenAll(_shipper.RunAsync(stoppingToken), WatchAsync(_shipper, stoppingToken));
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            Log.Stopped(logger); // the bookmark tells the next start where to go on
        }
    }

    /// <summary>An application that starts without a journal, because it cannot be written, gets one later.</summary>
    private async Task<JournalWriter> WriterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return (JournalWriter)services.GetService(typeof(JournalWriter))!;
            }
            catch (JournalUnavailableException)
            {
                await Task.Delay(AfterAnError, time, cancellationToken); // the log and the health check of the journal say why
            }
        }
    }

    private async Task<BulkTarget> TargetAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(options.Value.MinBackoff, options.Value.MaxBackoff, Random.Shared.NextDouble);
        while (true)
        {
            try
            {
                var target = await BulkTarget.FindAsync(connection, options.Value, cancellationToken);
                _unknownTarget = null;
                return target;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                if (Interlocked.Exchange(ref _unknownTarget, error.Message) is null)
                {
                    Log.NoTarget(logger, error.Message);
                }

                journal.Alarms.Standing(error.Message);
                await Task.Delay(backoff.Next(null), time, cancellationToken);
            }
        }
    }

    private async Task WatchAsync(JournalShipper shipper, CancellationToken cancellationToken)
    {
        var period = TimeSpan.FromTicks(Math.Min(options.Value.StalledAfter.Ticks / 5, TimeSpan.FromSeconds(30).Ticks));
        while (true)
        {
            await Task.Delay(period, time, cancellationToken);
            if (shipper.Own is { } own)
            {
                journal.Alarms.Watch(own.Record, own.Progress);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Security events wait in the journal: {Problem}")]
        public static partial void NoTarget(ILogger logger, string problem);

        [LoggerMessage(2, LogLevel.Error, "Shipping security events failed; it is tried again.")]
        public static partial void Failed(ILogger logger, Exception failure);

        [LoggerMessage(3, LogLevel.Debug, "Shipping security events stops; the next start goes on from the bookmark.")]
        public static partial void Stopped(ILogger logger);
    }
}
