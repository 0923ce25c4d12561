using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SecurityAudit.Journal;

/// <summary>
/// One file in which somebody remembers how far he is with a log, for this user alone, and the lock beside it that says who may write it.
/// </summary>
/// <param name="directory">Its folder.</param>
/// <param name="logId">The log, with which the name of the file begins.</param>
/// <param name="suffix">The rest of the name. Not <c>.json</c>: a web project takes every such file under it for content, and publishes it.</param>
/// <param name="type">How it is written.</param>
/// <param name="expected">What should stand in it, and what to do when it does not: the end of a sentence.</param>
internal sealed class ProgressFile<T>(string directory, string logId, string suffix, JsonTypeInfo<T> type, string expected)
    where T : LogProgress
{
    public string LogId => logId;

    public string Path { get; } = System.IO.Path.Combine(directory, logId + suffix);

    public string LockPath => System.IO.Path.ChangeExtension(Path, ".lock");

    /// <summary>Takes the right to go on with the log; null while another process has it.</summary>
    /// <exception cref="IOException">The lock cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public IDisposable? TryLock()
    {
        Disk.CreateDirectory(directory);
        return Disk.TryLock(LockPath);
    }

    /// <summary>What was saved last; null when nothing was.</summary>
    /// <exception cref="InvalidDataException">The file is not one of ours.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public T? Load()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path), type);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{Path}' cannot be read ({error.Message}), expected {expected}", error);
        }
    }

    /// <summary>Replaces the file: after a crash there is the old one or the new one, whole.</summary>
    public void Save(T progress)
    {
        Disk.CreateDirectory(directory);
        Disk.ReplaceFile(Path, Path + ".new", JsonSerializer.SerializeToUtf8Bytes(progress, type));
    }

    public void Forget() => File.Delete(Path);
}
