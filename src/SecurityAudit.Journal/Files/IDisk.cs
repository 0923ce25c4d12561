namespace SecurityAudit.Journal;

/// <summary>What the writer asks of a file system after it is open; each call may fail with an <see cref="IOException"/>.</summary>
internal interface IDisk
{
    /// <summary>Creates a file that must not exist, for this user alone, and reserves blocks for it where the file system can.</summary>
    IDiskFile Create(string path, long preallocate);

    /// <summary>Returns when the names in the directory are durable.</summary>
    void SyncDirectory(string path);

    /// <summary>Removes a file; none there is no error.</summary>
    void Delete(string path);

    /// <summary>The bytes that this user may still write on the volume.</summary>
    long FreeBytes(string directory);
}
