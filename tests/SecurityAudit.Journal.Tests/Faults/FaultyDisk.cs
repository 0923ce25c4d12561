namespace SecurityAudit.Journal.Tests.Faults;

/// <summary>The real disk, except for calls at which it throws what the test says, after doing half of a write.</summary>
internal sealed class FaultyDisk(Func<DiskCall, Exception?> fault) : IDisk
{
    /// <summary>Decides about each call; may be changed while the writer runs.</summary>
    public Func<DiskCall, Exception?> Fault { get; set; } = fault;

    public static IOException Error => new("injected", 5);

    public static IOException Full => new("No space left on device", 28);

    public IDiskFile Create(string path, long preallocate)
    {
        Enter(DiskCall.Create);
        return new FaultyFile(this, Disk.Instance.Create(path, preallocate));
    }

    public void SyncDirectory(string path)
    {
        Enter(DiskCall.SyncDirectory);
        Disk.Instance.SyncDirectory(path);
    }

    public void Delete(string path)
    {
        Enter(DiskCall.Delete);
        Disk.Instance.Delete(path);
    }

    public long FreeBytes(string directory) => Disk.Instance.FreeBytes(directory);

    private void Enter(DiskCall call)
    {
        if (Fault(call) is { } error)
        {
            throw error;
        }
    }

    private sealed class FaultyFile(FaultyDisk disk, IDiskFile file) : IDiskFile
    {
        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            if (disk.Fault(DiskCall.Write) is { } error)
            {
                file.Write(bytes[..(bytes.Length / 2)], offset);
                throw error;
            }

            file.Write(bytes, offset);
        }

        public void Sync()
        {
            disk.Enter(DiskCall.Sync);
            file.Sync();
        }

        public long LengthAtPath()
        {
            disk.Enter(DiskCall.LengthAtPath);
            return file.LengthAtPath();
        }

        public void Truncate(long length)
        {
            disk.Enter(DiskCall.Truncate);
            file.Truncate(length);
        }

        public void Dispose() => file.Dispose();
    }
}
