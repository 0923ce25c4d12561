using SecurityAudit.Journal;

namespace SecurityAudit.Shipping;

/// <summary>
/// Ships the log of a writer as far as it is durable, and the logs that earlier processes left behind in the same journal.
/// </summary>
/// <param name="writer">The log of this process.</param>
/// <param name="shipperOf">Makes the shipper of a log, given what is remembered of it.</param>
/// <param name="time">The clock.</param>
/// <param name="failed">Hears what went wrong on this side, before it is tried again.</param>
internal sealed class JournalFollower(JournalWriter writer, Func<ShippingFiles, LogShipper> shipperOf, TimeProvider time, Action<Exception> failed)
{
    private static readonly TimeSpan LookForLeftLogsEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterAnError = TimeSpan.FromSeconds(5);

    private readonly string _directory = JournalDirectory.Holding(writer.LogDirectory);
    private LogShipper? _own;

    /// <summary>Ships the writer's own log; null before it has begun.</summary>
    public LogShipper? Own => Volatile.Read(ref _own);

    /// <summary>Lines on disk that are not settled, and how long the oldest of them has waited, in seconds.</summary>
    public (long Events, double Seconds) Lag => Own is not { } own
        ? (writer.DurableSize, 0)
        : (Math.Max(0, writer.DurableSize - own.Record.Next), own.Progress.Oldest is { } oldest ? Math.Max(0, (time.GetUtcNow() - oldest).TotalSeconds) : 0);

    /// <summary>Until cancelled; nothing else ends it.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        RepeatAsync(ShipOwnAsync, AfterAnError, cancellationToken),
        RepeatAsync(ShipLeftBehindAsync, LookForLeftLogsEvery, cancellationToken));

    private async Task RepeatAsync(Func<CancellationToken, Task> work, TimeSpan pause, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await work(cancellationToken);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                failed(error);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task ShipOwnAsync(CancellationToken cancellationToken)
    {
        var files = new ShippingFiles(_directory, writer.Id);
        using var held = files.TryLock()
            ?? throw new IOException($"The log {writer.Id} is being shipped by another process, 'security-audit elasticsearch ship' perhaps; tried again.");
        var shipper = shipperOf(files);
        Volatile.Write(ref _own, shipper);
        using var reader = new JournalReader(writer.LogDirectory, shipper.Record.Bookmark);
        while (true)
        {
            var durable = writer.DurableSize;
            reader.Limit = durable;
            shipper.Fill(reader.TryRead);
            if (shipper.IsDue(time.GetUtcNow()))
            {
                await shipper.SettleAsync(cancellationToken);
            }
            else
            {
                await WaitAsync(durable, shipper.Patience(time.GetUtcNow()), cancellationToken);
            }
        }
    }

    /// <summary>Until there is more, or the batch has waited long enough.</summary>
    private async Task WaitAsync(long durable, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (patience == Timeout.InfiniteTimeSpan)
        {
            await writer.WaitForDurableAsync(durable, cancellationToken);
            return;
        }

        using var linger = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, linger.Token);
        try
        {
            await writer.WaitForDurableAsync(durable, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return; // the batch goes as it is
        }
    }

    private async Task ShipLeftBehindAsync(CancellationToken cancellationToken)
    {
        foreach (var log in JournalDirectory.Logs(_directory).Where(log => log.Id.Length > 0 && log.Id != writer.Id))
        {
            var files = new ShippingFiles(_directory, log.Id);
            using var held = files.TryLock();
            if (held is null || LogInUse.IsWritten(log.Directory))
            {
                continue;
            }

            var shipper = shipperOf(files);
            using var reader = new JournalReader(log.Directory, shipper.Record.Bookmark);
            await shipper.ToEndAsync(reader.TryRead, null, cancellationToken);
        }
    }
}
