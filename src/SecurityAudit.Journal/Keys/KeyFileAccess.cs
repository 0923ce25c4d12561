namespace SecurityAudit.Journal;

/// <summary>
/// Who may use a key file: its owner, who runs this process, or the system's administrator, who may read everything anyway.
/// </summary>
internal static class KeyFileAccess
{
    private const int Administrator = 0;
    private const UnixFileMode GroupMay = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
    private const UnixFileMode WorldMay = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>
    /// Takes back what a group may do with a file of this user's; the notice about it, or null when there was nothing to take.
    /// </summary>
    /// <remarks>
    /// Kubernetes' <c>fsGroup</c> gives every file of a volume to a group at each mount. What everybody may read is not mended: who has
    /// read it is not known, so a person has to decide.
    /// </remarks>
    public static string? Restore(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
        {
            return null;
        }

        var mode = File.GetUnixFileMode(path);
        if ((mode & GroupMay) == UnixFileMode.None || (mode & WorldMay) != UnixFileMode.None || Posix.OwnerOf(path) is not { } owner || owner != Posix.EffectiveUser)
        {
            return null;
        }

        File.SetUnixFileMode(path, Disk.PrivateFile);
        return $"The key file '{path}' had mode {Octal(mode)}, expected 0600, which it has again. Whoever is in its group could read the key until now: "
            + "make a new key if anybody else is in it. "
            + "Kubernetes' fsGroup does this at each mount; fsGroupChangePolicy: OnRootMismatch keeps it from doing so again.";
    }

    /// <summary>Stops where somebody else may read or replace the key.</summary>
    /// <exception cref="JournalException">Others may read or write it, or it belongs to another user.</exception>
    public static void Check(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // the access control list is the directory's
        }

        var mode = File.GetUnixFileMode(path);
        var owner = Posix.OwnerOf(path) ?? Posix.EffectiveUser;
        var isGiven = owner == Administrator && Posix.EffectiveUser != Administrator; // a Kubernetes secret, a credential of systemd: 0440, root and a group
        if ((mode & WorldMay) != UnixFileMode.None || (mode & (isGiven ? UnixFileMode.GroupWrite : GroupMay)) != UnixFileMode.None)
        {
            throw new JournalException(
                $"The key file '{path}' has mode {Octal(mode)}: others may read or write it, expected {(isGiven ? "0440" : "0600")}. "
                + $"Make a new key if anybody else uses this machine, otherwise: chmod {(isGiven ? "440" : "600")} '{path}' (in Kubernetes: "
                + "defaultMode 0400 for a secret, fsGroupChangePolicy: OnRootMismatch for a volume).");
        }

        if (owner != Posix.EffectiveUser && !isGiven)
        {
            throw new JournalException(
                $"The key file '{path}' belongs to user {owner}, expected user {Posix.EffectiveUser}, who runs this process: "
                + "whoever owns it can replace the key. Change the owner, or remove it so that a new key is made.");
        }
    }

    private static string Octal(UnixFileMode mode) => "0" + Convert.ToString((int)mode, 8).PadLeft(3, '0');
}
