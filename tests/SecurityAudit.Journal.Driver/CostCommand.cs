using System.Diagnostics;

namespace SecurityAudit.Journal.Driver;

/// <summary>What an append costs its caller when nobody waits for the disk: time and allocated bytes.</summary>
internal static class CostCommand
{
    private const int Appends = 50_000;
    private const int Rounds = 5;

    public static async Task<int> RunAsync(string directory)
    {
        await using var writer = JournalWriter.Open(directory, new JournalOptions
        {
            BufferBytes = 128 * 1024 * 1024, // so that the disk's speed does not show
            FlushInterval = TimeSpan.FromMinutes(1),
            CheckpointInterval = TimeSpan.FromMinutes(1),
        });
        var payload = Some.RealisticEvent();
        for (var round = 0; round < Rounds; round++)
        {
            var (nanoseconds, bytes) = Measure(writer, payload);
            Console.WriteLine($"{nanoseconds:F0} ns, {bytes:F2} B per append of {payload.Length} bytes{(round < 2 ? " (warming up)" : "")}");
            await writer.FlushAsync();
        }

        return 0;
    }

    private static (double Nanoseconds, double Bytes) Measure(JournalWriter writer, byte[] payload)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Appends; i++)
        {
            writer.Append(payload);
        }

        return (
            Stopwatch.GetElapsedTime(started).TotalNanoseconds / Appends,
            (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)Appends);
    }
}
