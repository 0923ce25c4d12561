using System.Text;

namespace SecurityAudit.Journal;

/// <summary>The file that keeps every writer away from a log whose lines are evidence of something wrong.</summary>
internal static class DamageMark
{
    public static bool IsOn(string logDirectory) => File.Exists(Path.Combine(logDirectory, LogFiles.Damaged));

    public static void Put(string logDirectory, string reason)
    {
        using (var file = Disk.Open(Path.Combine(logDirectory, LogFiles.Damaged), FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(Encoding.UTF8.GetBytes(reason + "\n"));
            Disk.Sync(file);
        }

        Disk.Sync(logDirectory);
    }
}
