using SecurityAudit.Journal;

namespace SecurityAudit.Alerts;

/// <summary>
/// Delivers on one channel: from this process's log as far as it is durable, and from the logs that earlier processes left behind.
/// </summary>
internal sealed class ChannelFollower(AlertChannel channel, AlertOptions options, TimeProvider time, DeliveryReport report) : IJournalWork
{
    private JournalWriter? _writer;
    private LogDelivery? _own;

    /// <summary>So many lines of this process's log, from the first on, hold nothing that waits for the channel; from any thread.</summary>
    public long Settled => Volatile.Read(ref _own)?.Settled ?? 0;

    /// <summary>Until cancelled; nothing else ends it.</summary>
    public Task RunAsync(JournalWriter writer, CancellationToken cancellationToken)
    {
        _writer = writer;
        return new JournalFollower(writer, this, time).RunAsync(cancellationToken);
    }

    /// <summary>A volume on which no file can be made keeps no alert from being delivered.</summary>
    public bool TryLock(string logId, out IDisposable? held)
    {
        try
        {
            return (held = FileOf(logId).TryLock()) is not null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            report.NotRemembered(channel.Name, failure);
            held = null;
            return true;
        }
    }

    public string InUse(string logId) => $"The alerts of log {logId} are being delivered on the channel {channel.Name} by another process; tried again.";

    public ILogWork Begin(string logId, long size)
    {
        if (logId != _writer!.Id)
        {
            return new LogDelivery(channel, FileOf(logId), size, options, time, report);
        }

        if (_own is null)
        {
            Volatile.Write(ref _own, new LogDelivery(channel, FileOf(logId), size, options, time, report));
        }

        return _own; // what it could not note down it still knows
    }

    public void Failed(Exception error) => report.Interrupted(channel.Name, error);

    private ProgressFile<DeliveryRecord> FileOf(string logId) => DeliveryRecord.FileOf(JournalDirectory.Holding(_writer!.LogDirectory), logId, channel.Name);
}
