using System.Diagnostics;
using System.Globalization;

namespace SecurityAudit.Journal.Driver;

/// <summary>How long it takes to open a journal, with whatever is to be mended.</summary>
internal static class OpenCommand
{
    public static async Task<int> RunAsync(string directory)
    {
        var opening = Stopwatch.StartNew();
        await using var writer = JournalWriter.Open(directory, new JournalOptions { OnNotice = notice => Console.WriteLine($"{notice.Kind}: {notice.Message}") });
        opening.Stop();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"opened at line {writer.Size} in {opening.ElapsedMilliseconds} ms"));
        return 0;
    }
}
