namespace SecurityAudit.Journal;

/// <summary>A file being written. After a failure nothing is known about its bytes behind the last successful <see cref="Sync"/>.</summary>
internal interface IDiskFile : IDisposable
{
    /// <summary>Writes all the bytes at an offset.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>
    /// Returns when what was written is durable. Never called again after it failed: the kernel may have dropped the pages.
    /// </summary>
    void Sync();

    /// <summary>The length of whatever the path names now, -1 when nothing: somebody may have removed, replaced or cut the file.</summary>
    long LengthAtPath();

    /// <summary>Cuts the file, and gives back the blocks reserved behind its end.</summary>
    void Truncate(long length);
}
