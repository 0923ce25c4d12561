namespace SecurityAudit.Journal;

/// <summary>
/// Where a log stands: the host's name, and the device and the inode of its directory, as text; both null where the system has none
/// (Windows). A copy has another inode; a volume that moves to another host keeps it.
/// </summary>
internal sealed record LogAddress(string Host, string? Device, string? Inode)
{
    /// <summary>Where a directory stands now.</summary>
    public static LogAddress Of(string directory)
    {
        var identity = Posix.IdentityOf(directory);
        return new LogAddress(Environment.MachineName, identity?.Device, identity?.Inode);
    }

    /// <summary>
    /// Was the log copied, restored or moved from there to here? A device is numbered anew when the machine starts, and a container gets a
    /// new host name on the same volume: only the inode tells.
    /// </summary>
    public bool IsCopyOf(LogAddress before) => Inode is not null && before.Inode is not null && Inode != before.Inode;

    /// <summary>For messages.</summary>
    public override string ToString() => Inode is null ? $"host {Host}" : $"host {Host}, device {Device}, inode {Inode}";
}
