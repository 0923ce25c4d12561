namespace SecurityAudit.Journal;

/// <summary>The exclusive right to write one log, held by an open file: the system takes it back when the process dies.</summary>
internal sealed class LogLock : IDisposable
{
    private const int LinuxWouldBlock = 11;
    private const int AppleWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private LogLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or null when another process or another writer of this process has it.</summary>
    /// <exception cref="JournalException">The file system lets two hold the lock at once.</exception>
    public static LogLock? TryTake(string logDirectory)
    {
        var path = Path.Combine(logDirectory, LogFiles.Lock);
        if (TryOpen(path) is not { } file)
            return null;
        using var second = TryOpen(path);
        if (second is null)
            return new LogLock(file);
        file.Dispose();
        throw new JournalException(
            $"The file system of '{logDirectory}' does not lock: '{path}' could be opened twice, expected the second time to fail. " +
            "Put the journal on a local file system.");
    }

    public void Dispose() => _file.Dispose();

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return Disk.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is LinuxWouldBlock or AppleWouldBlock or WindowsSharingViolation)
        {
            return null;
        }
    }
}
