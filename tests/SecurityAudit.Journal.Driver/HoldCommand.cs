namespace SecurityAudit.Journal.Driver;

/// <summary>Opens the journal, records one event, prints where, and keeps it open until its input ends.</summary>
internal static class HoldCommand
{
    public static async Task<int> RunAsync(string directory)
    {
        await using var writer = JournalWriter.Open(directory);
        await writer.FlushAsync(writer.Append(Some.Event(0)));
        Console.WriteLine(writer.LogDirectory);
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
