namespace SecurityAudit.Journal.Driver;

/// <summary>
/// A journal's whole life in a second: open, commit, roll, anchor, prune, close. Prints the sequence number of each acknowledged event, so
/// that a fault injected anywhere in it can be judged. Exit code 3: the journal said in so many words that it cannot go on.
/// </summary>
internal static class LifeCommand
{
    private const int Events = 14;

    public static async Task<int> RunAsync(string directory)
    {
        var options = new JournalOptions
        {
            MaxSegmentBytes = 4096,
            Retention = TimeSpan.FromMilliseconds(1),
            CheckpointInterval = TimeSpan.FromMilliseconds(20),
            WaitTimeout = TimeSpan.FromSeconds(2),
            WarnFreeBytes = 0,
            CriticalFreeBytes = 0,
            Anchors = { new FileAnchor(directory + ".anchor") },
            OnNotice = notice => Console.Error.WriteLine($"{notice.Kind}: {notice.Message}"),
        };
        try
        {
            await using var writer = JournalWriter.Open(directory, options);
            for (var i = 0; i < Events; i++)
            {
                try
                {
                    var sequence = writer.Append(Some.Event(i), critical: true);
                    await writer.FlushAsync(sequence);
                    Console.WriteLine($"{writer.LogDirectory} {sequence}");
                }
                catch (JournalUnavailableException e)
                {
                    Console.Error.WriteLine(e.Message);
                    await Task.Delay(TimeSpan.FromMilliseconds(150)); // the journal tries again
                }
            }

            return 0;
        }
        catch (JournalException e)
        {
            Console.Error.WriteLine(e.Message);
            return 3;
        }
    }
}
