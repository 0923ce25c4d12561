namespace SecurityAudit.Journal.Driver;

/// <summary>
/// Appends events one by one and prints the sequence number of each as soon as it is acknowledged, until it is killed or done.
/// </summary>
internal static class AppendCommand
{
    public static async Task<int> RunAsync(string directory, int count)
    {
        await using var writer = JournalWriter.Open(directory, new JournalOptions { MaxSegmentBytes = 64 * 1024 });
        await using var output = Console.OpenStandardOutput();
        for (var i = 0; i < count; i++)
        {
            var sequence = writer.Append(Some.Event(i), critical: i % 100 == 0);
            await writer.FlushAsync(sequence);
            output.Write(System.Text.Encoding.ASCII.GetBytes($"{writer.LogDirectory} {sequence}\n"));
        }

        return 0;
    }
}
