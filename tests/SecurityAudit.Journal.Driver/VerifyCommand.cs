using System.Diagnostics;
using System.Globalization;

namespace SecurityAudit.Journal.Driver;

/// <summary>
/// How long a verification takes, against <c>sha256sum</c> over the same files with as many processes; and what memory it needs.
/// </summary>
internal static class VerifyCommand
{
    private const int Rounds = 5;

    public static int Run(string directory)
    {
        var files = JournalDirectory.Segments(directory).Select(segment => segment.Path).ToList();
        var bytes = files.Sum(file => new FileInfo(file).Length);
        for (var round = 0; round < Rounds; round++)
        {
            var hashing = Stopwatch.StartNew();
            Sha256Sum(directory);
            hashing.Stop();
            var verifying = Stopwatch.StartNew();
            var report = JournalVerifier.Verify(directory);
            verifying.Stop();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{bytes} bytes, {report.Logs[0].Size} lines, {report.Verdict}; sha256sum {hashing.ElapsedMilliseconds} ms, "
                + $"verify {verifying.ElapsedMilliseconds} ms, ratio {verifying.Elapsed / hashing.Elapsed:F2}; "
                + $"peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1048576} MiB"));
        }

        return 0;
    }

    private static void Sha256Sum(string directory)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", $"ls '{directory}'/*.jsonl | xargs -n 1 -P {Environment.ProcessorCount} sha256sum > /dev/null"]))!;
        process.WaitForExit();
    }
}
