using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Shipping;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Hosting;

/// <summary>Ships this process's log as far as it is durable, and the logs that earlier processes left behind.</summary>
/// <remarks>Nothing here can fail the application: whatever goes wrong is logged, shown by the health check, and tried again.</remarks>
internal sealed partial class ElasticsearchShipping(
    IServiceProvider services,
    ElasticsearchConnection connection,
    IOptions<ElasticsearchOptions> options,
    ShippingMetrics metrics,
    ShippingAlarms alarms,
    TimeProvider time,
    ILogger<ElasticsearchShipping> logger) : BackgroundService
{
    private static readonly TimeSpan LookForLeftLogsEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterAnError = TimeSpan.FromSeconds(5);

    private JournalWriter? _writer;
    private LogShipper? _own;
    private string? _unknownTarget;

    /// <summary>What is known; null members until the first answer.</summary>
    public (ShippingRecord? Record, ShippingProgress? Progress, string? Problem) Status => (_own?.Record, _own?.Progress, _unknownTarget);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        metrics.Watch(Lag);
        try
        {
            _writer = await WriterAsync(stoppingToken);
            var target = await TargetAsync(stoppingToken);
            await Task.WhenAll(
                AgainAndAgainAsync(ct => ShipOwnAsync(target, ct), AfterAnError, stoppingToken),
                AgainAndAgainAsync(ct => ShipLeftAsync(target, ct), LookForLeftLogsEvery, stoppingToken),
                WatchAsync(stoppingToken));
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            Log.Stopped(logger); // the bookmark tells the next start where to go on
        }
    }

    /// <summary>An application that starts without a journal, because it cannot be written, gets one later.</summary>
    private async Task<JournalWriter> WriterAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return (JournalWriter)services.GetService(typeof(JournalWriter))!;
            }
            catch (JournalUnavailableException)
            {
                await Task.Delay(AfterAnError, time, ct); // the log and the health check of the journal say why
            }
        }
    }

    private async Task<BulkTarget> TargetAsync(CancellationToken ct)
    {
        var backoff = new Backoff(options.Value.MinBackoff, options.Value.MaxBackoff, Random.Shared.NextDouble);
        while (true)
        {
            try
            {
                var target = await BulkTarget.FindAsync(connection, options.Value, ct);
                _unknownTarget = null;
                return target;
            }
            catch (Exception error) when (!ct.IsCancellationRequested)
            {
                if (Interlocked.Exchange(ref _unknownTarget, error.Message) is null)
                    Log.NoTarget(logger, error.Message);
                alarms.Standing(_writer!.Id, error.Message);
                await Task.Delay(backoff.Next(null), time, ct);
            }
        }
    }

    private async Task AgainAndAgainAsync(Func<CancellationToken, Task> work, TimeSpan pause, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await work(ct);
            }
            catch (Exception error) when (!ct.IsCancellationRequested)
            {
                // Whatever it is: what leaves a background service stops the host.
                Log.Failed(logger, error);
            }

            await Task.Delay(pause, time, ct);
        }
    }

    private async Task ShipOwnAsync(BulkTarget target, CancellationToken ct)
    {
        var files = new ShippingFiles(Directory(_writer!.LogDirectory), _writer.Id);
        using var held = files.TryLock() ?? throw new IOException($"The log {_writer.Id} is being shipped by another process, 'security-audit elasticsearch ship' perhaps; tried again.");
        var shipper = Shipper(target, files);
        Volatile.Write(ref _own, shipper);
        using var reader = new JournalReader(_writer.LogDirectory, shipper.Record.Bookmark);
        while (true)
        {
            var durable = _writer.DurableSize;
            reader.Limit = durable;
            shipper.Fill(reader.TryRead);
            if (shipper.IsDue(time.GetUtcNow()))
                await shipper.SettleAsync(ct);
            else
                await WaitAsync(durable, shipper.Patience(time.GetUtcNow()), ct);
        }
    }

    /// <summary>Until there is more, or the batch has waited long enough.</summary>
    private async Task WaitAsync(long durable, TimeSpan patience, CancellationToken ct)
    {
        if (patience == Timeout.InfiniteTimeSpan)
        {
            await _writer!.WaitForDurableAsync(durable, ct);
            return;
        }

        using var linger = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, linger.Token);
        try
        {
            await _writer!.WaitForDurableAsync(durable, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return; // the batch goes as it is
        }
    }

    private async Task ShipLeftAsync(BulkTarget target, CancellationToken ct)
    {
        var directory = Directory(_writer!.LogDirectory);
        foreach (var log in JournalDirectory.Logs(directory).Where(log => log.Id.Length > 0 && log.Id != _writer.Id))
        {
            var files = new ShippingFiles(directory, log.Id);
            using var held = files.TryLock();
            if (held is null || LogIsWritten(log.Directory))
                continue;
            var shipper = Shipper(target, files);
            using var reader = new JournalReader(log.Directory, shipper.Record.Bookmark);
            await ToEndAsync(shipper, reader, null, ct);
        }
    }

    /// <summary>Ships what there is.</summary>
    public static async Task ToEndAsync(LogShipper shipper, JournalReader reader, Action<ShippingRecord>? progress, CancellationToken ct)
    {
        shipper.Fill(reader.TryRead);
        while (shipper.Waiting > 0)
        {
            await shipper.SettleAsync(ct);
            progress?.Invoke(shipper.Record);
            shipper.Fill(reader.TryRead);
        }
    }

    /// <summary>Does a process hold the log? It ships it itself. A shared lock is asked for, for a moment, so that two lookers do not disturb each other.</summary>
    public static bool LogIsWritten(string logDirectory)
    {
        var path = Path.Combine(logDirectory, "lock");
        try
        {
            using var probe = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>The journal's directory of a log's: a log beyond the first stands in <c>slot-N</c>.</summary>
    public static string Directory(string logDirectory) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(logDirectory)).StartsWith("slot-", StringComparison.Ordinal) ? Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(logDirectory))! : logDirectory;

    private async Task WatchAsync(CancellationToken ct)
    {
        var period = TimeSpan.FromTicks(Math.Min(options.Value.StalledAfter.Ticks / 5, TimeSpan.FromSeconds(30).Ticks));
        while (true)
        {
            await Task.Delay(period, time, ct);
            if (Volatile.Read(ref _own) is { } own)
                alarms.Watch(own.Record, own.Progress, _writer!.Id);
        }
    }

    private LogShipper Shipper(BulkTarget target, ShippingFiles files) =>
        new(files.JournalId, connection, options.Value, target, files, time, metrics, alarms.Notice);

    private (long, double) Lag()
    {
        if (_writer is not { } writer || Volatile.Read(ref _own) is not { } own)
            return (_writer?.DurableSize ?? 0, 0);
        var oldest = own.Progress.Oldest;
        return (Math.Max(0, writer.DurableSize - own.Record.Next), oldest is { } at ? Math.Max(0, (time.GetUtcNow() - at).TotalSeconds) : 0);
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
