using System.Text.Json;
using SecurityAudit.Journal;

namespace SecurityAudit.Detection.Following;

/// <summary><c>detection/{journal.id}.state</c> in the journal's directory, for this user alone.</summary>
internal sealed class DetectionStateFile(string journalDirectory, string logId)
{
    public string Path { get; } = System.IO.Path.Combine(journalDirectory, "detection", logId + ".state");

    /// <summary>Takes the right to judge this log; null while another process has it.</summary>
    /// <exception cref="IOException">The lock cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public IDisposable? TryLock()
    {
        Disk.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var path = System.IO.Path.ChangeExtension(Path, ".lock");
        try
        {
            return Disk.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>What was saved last; null when nothing was.</summary>
    /// <exception cref="InvalidDataException">The file is not one of ours.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public DetectionState? Load()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path), DetectionJson.Default.DetectionState);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"'{Path}' cannot be read ({failure.Message}), expected what detection saved there.", failure);
        }
    }

    /// <summary>Replaces the file: after a crash there is the old one or the new one, whole.</summary>
    public void Save(DetectionState state)
    {
        Disk.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        Disk.ReplaceFile(Path, Path + ".new", JsonSerializer.SerializeToUtf8Bytes(state, DetectionJson.Default.DetectionState));
    }
}
