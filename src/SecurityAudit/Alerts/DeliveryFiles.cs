using SecurityAudit.Journal;

namespace SecurityAudit.Alerts;

/// <summary>
/// What is remembered of one log and one channel, in <c>alerts/</c> under the journal directory, for this user alone. The journal stays the
/// truth: what is lost here is delivered again, as far as it is of the last day.
/// </summary>
internal sealed class DeliveryFiles(string journalDirectory, string logId, string channel)
{
    public const string FolderName = "alerts";
    private const string Extension = ".delivered";

    private readonly ProgressFile<DeliveryRecord> _record = RecordAt(Path.Combine(journalDirectory, FolderName, $"{logId}.{channel}{Extension}"));

    public string LogId => logId;

    /// <summary>Takes the right to deliver this log on this channel; null while another process has it.</summary>
    public IDisposable? TryLock() => _record.TryLock();

    /// <summary>What was saved last; null when nothing was.</summary>
    /// <exception cref="InvalidDataException">The file is not one of ours.</exception>
    public DeliveryRecord? Load() => _record.Load();

    public void Save(DeliveryRecord record) => _record.Save(record);

    /// <summary>The records of a log, one a channel.</summary>
    public static IReadOnlyList<DeliveryRecord> Of(string journalDirectory, string logId)
    {
        var folder = Path.Combine(journalDirectory, FolderName);
        return !Directory.Exists(folder)
            ? []
            : [.. Directory.EnumerateFiles(folder, $"{logId}.*{Extension}").Order(StringComparer.Ordinal).Select(path => RecordAt(path).Load()).OfType<DeliveryRecord>()];
    }

    private static ProgressFile<DeliveryRecord> RecordAt(string path) => new(
        path, DeliveryJson.Default.DeliveryRecord, "how far alerts are delivered. Delete it: the alerts of the last day are then delivered again.");
}
