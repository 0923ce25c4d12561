namespace SecurityAudit.Journal;

/// <summary>The exclusive right to write one log, held by an open file: the system takes it back when the process dies.</summary>
internal sealed class LogLock : IDisposable
{
    private readonly string _path;
    private FileStream _file;

    private (string Device, string Inode)? _identity;

    private LogLock(string path, FileStream file) => (_path, _file, _identity) = (path, file, Posix.IdentityOf(path));

    /// <summary>
    /// Is the file that is held still the one under its name? Not when somebody removed the directory, or put another in its place.
    /// </summary>
    public bool IsThere => File.Exists(_path) && Posix.IdentityOf(_path) == _identity;

    /// <summary>Takes the lock, or null when another process or another writer of this process has it.</summary>
    /// <exception cref="JournalException">The file system lets two hold the lock at once.</exception>
    public static LogLock? TryTake(string logDirectory)
    {
        var path = Path.Combine(logDirectory, LogFiles.Lock);
        if (Disk.TryLock(path) is not { } file)
        {
            return null;
        }

        using var second = Disk.TryLock(path);
        if (second is null)
        {
            return new LogLock(path, file);
        }

        file.Dispose();
        throw new JournalException(
            $"The file system of '{logDirectory}' does not lock: '{path}' could be opened twice, expected the second time to fail. " +
            "Put the journal on a local file system.");
    }

    /// <summary>Takes the lock again in a directory that was removed and made anew: the file that is held is not there any more.</summary>
    /// <exception cref="IOException">Another process has begun a log there in the meantime.</exception>
    public void Retake()
    {
        var again = Disk.TryLock(_path) ?? throw new IOException(
            $"'{_path}' is held by another process, which began a log in the directory after this log was removed. Restart this application: it takes the next free log.");
        _file.Dispose();
        _file = again;
        _identity = Posix.IdentityOf(_path);
    }

    public void Dispose() => _file.Dispose();
}
