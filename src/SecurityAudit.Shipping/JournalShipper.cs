using SecurityAudit.Journal;

namespace SecurityAudit.Shipping;

/// <summary>
/// Ships the log of a writer as far as it is durable, and the logs that earlier processes left behind in the same journal.
/// </summary>
/// <param name="writer">The log of this process.</param>
/// <param name="shipperOf">Makes the shipper of a log, given what is remembered of it.</param>
/// <param name="time">The clock.</param>
/// <param name="failed">Hears what went wrong on this side, before it is tried again.</param>
internal sealed class JournalShipper(JournalWriter writer, Func<ShippingFiles, LogShipper> shipperOf, TimeProvider time, Action<Exception> failed) : IJournalWork
{
    private LogShipper? _own;

    /// <summary>Ships the writer's own log; null before it has begun.</summary>
    public LogShipper? Own => Volatile.Read(ref _own);

    /// <summary>Lines on disk that are not settled, and how long the oldest of them has waited, in seconds.</summary>
    public (long Events, double Seconds) Lag => Own is not { } own
        ? (writer.DurableSize, 0)
        : (Math.Max(0, writer.DurableSize - own.Record.Next), own.Progress.Oldest is { } oldest ? Math.Max(0, (time.GetUtcNow() - oldest).TotalSeconds) : 0);

    /// <summary>Until cancelled; nothing else ends it.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => new JournalFollower(writer, this, time).RunAsync(cancellationToken);

    public bool TryLock(string logId, out IDisposable? held) => (held = Files(logId).TryLock()) is not null;

    public string InUse(string logId) => $"The log {logId} is being shipped by another process, 'security-audit elasticsearch ship' perhaps; tried again.";

    public ILogWork Begin(string logId, long size)
    {
        var shipper = shipperOf(Files(logId));
        if (logId == writer.Id)
        {
            Volatile.Write(ref _own, shipper);
        }

        return shipper;
    }

    public void Failed(Exception error) => failed(error);

    private ShippingFiles Files(string logId) => new(JournalDirectory.Holding(writer.LogDirectory), logId);
}
