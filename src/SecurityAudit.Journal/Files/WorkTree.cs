namespace SecurityAudit.Journal;

/// <summary>
/// Keeps a directory out of version control: a journal in a work tree holds keys and personal data, and <c>git add .</c> would take them.
/// </summary>
internal static class WorkTree
{
    private const string Ignore = ".gitignore";

    /// <summary>
    /// Puts a <c>.gitignore</c> that ignores all, itself included, durably and for this user alone. One that is there stays as it is.
    /// </summary>
    public static void Exclude(string directory)
    {
        var path = Path.Combine(directory, Ignore);
        if (!IsTaken(path))
        {
            // Several processes may begin a journal at once: each has a draft of its own.
            Disk.ReplaceFile(path, Path.Combine(directory, $".{Path.GetRandomFileName()}"), "*\n"u8);
        }
    }

    // A link that leads nowhere is somebody's too.
    private static bool IsTaken(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;
}
