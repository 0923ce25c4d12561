using System.Diagnostics;
using System.Globalization;

namespace SecurityAudit.Journal.Driver;

/// <summary>Durable events per second with 1, 64 and 256 callers, beside the number of fsyncs that the same disk does in the same minute.</summary>
internal static class LoadCommand
{
    private static readonly int[] Callers = [1, 64, 256];

    public static async Task<int> RunAsync(string directory, TimeSpan time)
    {
        Directory.CreateDirectory(directory);
        var fsyncs = FsyncsPerSecond(Path.Combine(directory, "fsync.probe"), time);
        Print($"fsync alone: {fsyncs:F0}/s");
        foreach (var callers in Callers)
        {
            var journal = Path.Combine(directory, $"callers-{callers}");
            var rate = await EventsPerSecondAsync(journal, callers, time);
            Print($"{callers} callers: {rate:F0} durable events/s, {rate / fsyncs:F2} of fsync alone");
            Directory.Delete(journal, recursive: true);
        }

        return 0;
    }

    private static double FsyncsPerSecond(string path, TimeSpan time)
    {
        var payload = Some.RealisticEvent();
        var started = Stopwatch.GetTimestamp();
        var count = 0;
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, preallocationSize: 4 * 1024 * 1024))
        {
            for (; Stopwatch.GetElapsedTime(started) < time; count++)
            {
                RandomAccess.Write(file, payload, (long)count * payload.Length);
                RandomAccess.FlushToDisk(file);
            }
        }

        File.Delete(path);
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> EventsPerSecondAsync(string directory, int callers, TimeSpan time)
    {
        await using var writer = JournalWriter.Open(directory);
        var payload = Some.RealisticEvent();
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(started) < time; count++)
                await writer.FlushAsync(writer.Append(payload));
            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
