using System.Text.Json;
using SecurityAudit.Journal;

namespace SecurityAudit.Alerts;

/// <summary>
/// What is remembered of one log and one channel, in <c>alerts/</c> under the journal directory, for this user alone. The journal stays the
/// truth: what is lost here is delivered again, as far as it is of the last day.
/// </summary>
internal sealed class DeliveryFiles(string journalDirectory, string logId, string channel)
{
    public const string FolderName = "alerts";
    private const string Extension = ".delivered"; // no .json: a web project publishes every such file under it

    private readonly string _directory = Path.Combine(journalDirectory, FolderName);
    private readonly string _record = Path.Combine(journalDirectory, FolderName, $"{logId}.{channel}{Extension}");

    public string LogId => logId;

    /// <summary>Takes the right to deliver this log on this channel; null while another process has it.</summary>
    public IDisposable? TryLock()
    {
        Disk.CreateDirectory(_directory);
        var path = Path.Combine(_directory, $"{logId}.{channel}.lock");
        try
        {
            return Disk.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path) && new FileInfo(path).LinkTarget is null)
        {
            return null;
        }
    }

    /// <summary>What was saved last; null when nothing was.</summary>
    /// <exception cref="InvalidDataException">The file is not one of ours.</exception>
    public DeliveryRecord? Load() => Load(_record);

    /// <summary>Replaces it: after a crash there is the old one or the new one, whole.</summary>
    public void Save(DeliveryRecord record)
    {
        Disk.CreateDirectory(_directory);
        Disk.ReplaceFile(_record, _record + ".new", JsonSerializer.SerializeToUtf8Bytes(record, DeliveryJson.Default.DeliveryRecord));
    }

    /// <summary>The records of a log, one a channel.</summary>
    public static IReadOnlyList<DeliveryRecord> Of(string journalDirectory, string logId)
    {
        var folder = Path.Combine(journalDirectory, FolderName);
        return !Directory.Exists(folder)
            ? []
            : [.. Directory.EnumerateFiles(folder, $"{logId}.*{Extension}").Order(StringComparer.Ordinal).Select(Load).OfType<DeliveryRecord>()];
    }

    private static DeliveryRecord? Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), DeliveryJson.Default.DeliveryRecord);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException(
                $"'{path}' does not say how far alerts are delivered ({error.Message}). Delete it: the alerts of the last day are then delivered again.", error);
        }
    }
}
