namespace SecurityAudit.Journal;

/// <summary>The real file system.</summary>
internal sealed class Disk : IDisk
{
    public static readonly UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public static readonly UnixFileMode PrivateDirectory = PrivateFile | UnixFileMode.UserExecute;

    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int LinuxWouldBlock = 11;
    private const int AppleWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    public static Disk Instance { get; } = new();

    public IDiskFile Create(string path, long preallocate) =>
        new DiskFile(Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, preallocate));

    public void SyncDirectory(string path) => Sync(path);

    public void Delete(string path) => File.Delete(path);

    public long FreeBytes(string directory) => new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;

    /// <summary>
    /// Opens a file; if that creates it, for this user alone. Never through a symbolic link: whoever may put one there would have this user
    /// write elsewhere.
    /// </summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share, long preallocate = 0)
    {
        if (mode == FileMode.Create)
        {
            // O_EXCL follows no link, also one that is put there at this moment.
            File.Delete(path);
            mode = FileMode.CreateNew;
        }

        if (access != FileAccess.Read && mode != FileMode.CreateNew && new FileInfo(path).LinkTarget is { } target)
        {
            throw new IOException($"'{path}' is a symbolic link to '{target}', expected a file of the journal. Find out who put it there and remove it.");
        }

        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (mode != FileMode.Open)
        {
            options.PreallocationSize = preallocate;
        }

        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = PrivateFile;
        }

        var file = new FileStream(path, options);
        if (file.CanSeek)
        {
            return file;
        }

        file.Dispose();
        throw new IOException(
            $"'{path}' is not a regular file: it cannot be read and written at any place, expected a file of the journal. "
            + "Find out who put it there and remove it.");
    }

    /// <summary>
    /// Opens a file to hold it alone, and makes it if need be; null while another process, or somebody else in this one, has it. The system
    /// takes it back when the process dies.
    /// </summary>
    /// <exception cref="IOException">It cannot be opened for another reason: it is a link, the volume has no room.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static FileStream? TryLock(string path)
    {
        try
        {
            return Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is LinuxWouldBlock or AppleWouldBlock or WindowsSharingViolation)
        {
            return null;
        }
    }

    /// <summary>Writes a whole file, for this user alone, and returns when its bytes are durable.</summary>
    public static void WriteFile(string path, FileMode mode, ReadOnlySpan<byte> bytes)
    {
        using var file = Open(path, mode, FileAccess.Write, FileShare.None);
        Write(file, bytes, offset: 0);
        Sync(file);
    }

    /// <summary>Replaces a file durably: after a crash there is the old one or the new one, whole.</summary>
    public static void ReplaceFile(string path, string draft, ReadOnlySpan<byte> bytes)
    {
        WriteFile(draft, FileMode.Create, bytes);
        File.Move(draft, path, overwrite: true);
        Sync(Path.GetDirectoryName(path)!);
    }

    /// <summary>Writes all the bytes.</summary>
    public static void Write(FileStream file, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(file.SafeFileHandle, bytes, offset);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What .NET makes of EFBIG.
            throw new IOException($"'{file.Name}' cannot grow beyond the largest file that this file system, or this process (ulimit -f), may have.", e);
        }
    }

    /// <summary>Returns when the names in the directory are durable. Windows has no such call and needs none on NTFS.</summary>
    public static void Sync(string directory)
    {
        if (!OperatingSystem.IsWindows())
        {
            Posix.SyncDirectory(directory);
        }
    }

    /// <summary>Returns when the file's bytes are durable.</summary>
    public static void Sync(FileStream file)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }
        else
        {
            Posix.Sync(file.SafeFileHandle, file.Name);
        }
    }

    /// <summary>Creates a directory and its parents, for this user alone; one that exists stays as it is.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, PrivateDirectory);
        }
    }

    /// <summary>Does the error say that the volume, or this user's share of it, is full?</summary>
    public static bool IsFull(Exception error) => error is IOException { HResult: NoSpace or QuotaExceeded or WindowsDiskFull };
}
