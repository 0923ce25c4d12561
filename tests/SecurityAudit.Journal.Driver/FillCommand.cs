namespace SecurityAudit.Journal.Driver;

/// <summary>
/// Writes a journal of so many bytes, as fast as the disk takes it, and ends without closing it: as a crash would leave it.
/// </summary>
internal static class FillCommand
{
    public static async Task<int> RunAsync(string directory, long bytes)
    {
        var writer = JournalWriter.Open(directory, new JournalOptions { BufferBytes = 64 * 1024 * 1024 });
        var payload = Some.RealisticEvent();
        for (var written = 0L; written < bytes; written += payload.Length + 120)
        {
            writer.Append(payload);
        }

        await writer.FlushAsync();
        Environment.Exit(0);
        return 0;
    }
}
