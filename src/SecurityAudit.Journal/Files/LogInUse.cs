namespace SecurityAudit.Journal;

/// <summary>Does a process write a log? It deals with it itself.</summary>
internal static class LogInUse
{
    /// <summary>Asks for a shared lock, for a moment, so that two who look do not disturb each other.</summary>
    public static bool IsWritten(string logDirectory)
    {
        try
        {
            using var probe = new FileStream(Path.Combine(logDirectory, LogFiles.Lock), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
