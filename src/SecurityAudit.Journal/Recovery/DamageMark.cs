using System.Text;

namespace SecurityAudit.Journal;

/// <summary>The file that keeps every writer away from a log whose lines are evidence of something wrong.</summary>
internal static class DamageMark
{
    public static bool IsOn(string logDirectory) => File.Exists(Path.Combine(logDirectory, LogFiles.Damaged));

    public static void Put(string logDirectory, string reason)
    {
        Disk.WriteFile(Path.Combine(logDirectory, LogFiles.Damaged), FileMode.Create, Encoding.UTF8.GetBytes(reason + "\n"));
        Disk.Sync(logDirectory);
    }
}
