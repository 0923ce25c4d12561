using SecurityAudit.Journal;

namespace SecurityAudit.Alerts;

/// <summary>
/// Delivers on one channel: from this process's log as far as it is durable, and from the logs that earlier processes left behind.
/// </summary>
internal sealed class ChannelFollower(AlertChannel channel, AlertOptions options, TimeProvider time, DeliveryReport report)
{
    private static readonly TimeSpan LookForLeftLogsEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterAnError = TimeSpan.FromSeconds(5);

    private LogDelivery? _own;
    private long _settled;

    /// <summary>So many lines of this process's log, from the first on, hold nothing that waits for the channel; from any thread.</summary>
    public long Settled => Volatile.Read(ref _settled);

    /// <summary>Until cancelled; nothing else ends it.</summary>
    public Task RunAsync(JournalWriter writer, CancellationToken cancellationToken) => Task.WhenAll(
        RepeatAsync(() => DeliverOwnAsync(writer, cancellationToken), AfterAnError, cancellationToken),
        RepeatAsync(() => DeliverLeftBehindAsync(writer, cancellationToken), LookForLeftLogsEvery, cancellationToken));

    private async Task RepeatAsync(Func<Task> work, TimeSpan pause, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await work();
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                report.Interrupted(channel.Name, error);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task DeliverOwnAsync(JournalWriter writer, CancellationToken cancellationToken)
    {
        var files = new DeliveryFiles(JournalDirectory.Holding(writer.LogDirectory), writer.Id, channel.Name);
        using var held = Lock(files, out var isTaken);
        if (isTaken)
        {
            throw new IOException($"The alerts of log {writer.Id} are being delivered on the channel {channel.Name} by another process; tried again.");
        }

        var delivery = _own ??= new LogDelivery(channel, files, writer.DurableSize, options, time, report);
        using var reader = delivery.Open(writer.LogDirectory);
        try
        {
            while (true)
            {
                var durable = writer.DurableSize;
                reader.Limit = durable;
                await delivery.FillAsync(reader, cancellationToken);
                if (!delivery.HasWaiting)
                {
                    Volatile.Write(ref _settled, durable);
                    delivery.NoteProgress();
                    await writer.WaitForDurableAsync(durable, cancellationToken);
                    continue;
                }

                await channel.ReadyAsync(cancellationToken);
                reader.Limit = writer.DurableSize;
                await delivery.FillAsync(reader, cancellationToken); // there may be so many by now that they go together
                await delivery.DeliverNextAsync(cancellationToken);
            }
        }
        finally
        {
            delivery.NoteProgress(isEnd: true);
        }
    }

    private async Task DeliverLeftBehindAsync(JournalWriter writer, CancellationToken cancellationToken)
    {
        var directory = JournalDirectory.Holding(writer.LogDirectory);
        foreach (var log in JournalDirectory.Logs(directory).Where(log => log.Id.Length > 0 && log.Id != writer.Id))
        {
            var files = new DeliveryFiles(directory, log.Id, channel.Name);
            using var held = Lock(files, out var isTaken);
            if (isTaken || LogInUse.IsWritten(log.Directory))
            {
                continue;
            }

            var delivery = new LogDelivery(channel, files, long.MaxValue, options, time, report);
            using var reader = delivery.Open(log.Directory);
            await delivery.FillAsync(reader, cancellationToken);
            while (delivery.HasWaiting && !LogInUse.IsWritten(log.Directory))
            {
                await channel.ReadyAsync(cancellationToken);
                await delivery.DeliverNextAsync(cancellationToken);
            }

            delivery.NoteProgress(isEnd: true);
        }
    }

    /// <summary>A volume on which no file can be made keeps no alert from being delivered.</summary>
    private IDisposable? Lock(DeliveryFiles files, out bool isTaken)
    {
        isTaken = false;
        try
        {
            var held = files.TryLock();
            isTaken = held is null;
            return held;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            report.NotRemembered(channel.Name, failure);
            return null;
        }
    }
}
