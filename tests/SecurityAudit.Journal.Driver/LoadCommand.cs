using System.Diagnostics;
using System.Globalization;

namespace SecurityAudit.Journal.Driver;

/// <summary>
/// Durable events per second with 1, 64 and 256 callers, against what the same disk does in the same minute: one write and one fsync per
/// event without any journal, and Serilog's audit sink with a flush to disk after each event.
/// </summary>
internal static class LoadCommand
{
    private static readonly int[] Callers = [1, 64, 256];

    public static async Task<int> RunAsync(string directory, TimeSpan time)
    {
        Directory.CreateDirectory(directory);
        foreach (var callers in Callers)
        {
            var fsyncs = FsyncsPerSecond(Path.Combine(directory, "fsync.probe"), time);
            var serilog = await SerilogEventsPerSecondAsync(Path.Combine(directory, "serilog.clef"), callers, time);
            var journal = await JournalEventsPerSecondAsync(Path.Combine(directory, "journal"), callers, time);
            var (toFsync, toFile) = (journal / fsyncs, journal / serilog);
            Print($"{callers} callers: journal {journal:F0}/s; fsync alone {fsyncs:F0}/s (ratio {toFsync:F2}); AuditTo.File, flushed {serilog:F0}/s (ratio {toFile:F1})");
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

        var rate = count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        File.Delete(path);
        return rate;
    }

    private static async Task<double> JournalEventsPerSecondAsync(string directory, int callers, TimeSpan time)
    {
        double rate;
        await using (var writer = JournalWriter.Open(directory))
        {
            var payload = Some.RealisticEvent();
            rate = await EventsPerSecondAsync(callers, time, () => writer.FlushAsync(writer.Append(payload)));
        }

        Directory.Delete(directory, recursive: true);
        return rate;
    }

    private static async Task<double> SerilogEventsPerSecondAsync(string path, int callers, TimeSpan time)
    {
        double rate;
        await using (var logger = FlushedAuditFile.Create(path))
        {
            rate = await EventsPerSecondAsync(callers, time, () =>
            {
                FlushedAuditFile.WriteRealisticEvent(logger);
                return ValueTask.CompletedTask;
            });
        }

        File.Delete(path);
        return rate;
    }

    private static async Task<double> EventsPerSecondAsync(int callers, TimeSpan time, Func<ValueTask> write)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(started) < time; count++)
            {
                await write();
            }

            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
