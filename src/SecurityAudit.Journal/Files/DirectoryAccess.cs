namespace SecurityAudit.Journal;

/// <summary>Looks whether others than this user may write a directory, and so remove or replace what is in it.</summary>
internal static class DirectoryAccess
{
    private const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Says so when they may. The mode stays as it is: the owner may have chosen it, or a volume have come with it.</summary>
    public static void Judge(string directory, HealthBoard health)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(directory))
        {
            return;
        }

        var mode = File.GetUnixFileMode(directory);
        if ((mode & OthersMayWrite) != UnixFileMode.None)
        {
            health.Say(JournalNoticeKind.Exposed,
                $"The directory '{directory}' has mode 0{Convert.ToString((int)mode, 8)}: "
                + $"others than user {Posix.EffectiveUser} may write there, and remove or replace what is in it. "
                + $"Expected 0700, or 0750 for a group that reads it: chmod go-w '{directory}'.");
        }
    }
}
