namespace SecurityAudit.Journal;

/// <summary>A file of the real file system.</summary>
internal sealed class DiskFile(FileStream file) : IDiskFile
{
    private readonly FileInfo _atPath = new(file.Name);

    public void Write(ReadOnlySpan<byte> bytes, long offset) => Disk.Write(file, bytes, offset);

    public void Sync() => Disk.Sync(file);

    public long LengthAtPath()
    {
        _atPath.Refresh();
        return _atPath.Exists ? _atPath.Length : -1;
    }

    public void Truncate(long length) => RandomAccess.SetLength(file.SafeFileHandle, length);

    public void Dispose() => file.Dispose();
}
