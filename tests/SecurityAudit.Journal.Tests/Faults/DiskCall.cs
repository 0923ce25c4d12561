namespace SecurityAudit.Journal.Tests.Faults;

/// <summary>What the writer asks of a disk.</summary>
internal enum DiskCall
{
    Create,
    SyncDirectory,
    Delete,
    Write,
    Sync,
    LengthAtPath,
    Truncate,
}
