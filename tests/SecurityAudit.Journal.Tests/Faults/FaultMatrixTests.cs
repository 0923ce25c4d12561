using System.Collections.Concurrent;

namespace SecurityAudit.Journal.Tests.Faults;

/// <summary>
/// Every call that a journal's life makes on its files, and every fault that such a call can meet: strace counts the calls of opening,
/// recovery, append, commit, roll, prune and close, then one life after another meets one fault at one call.
/// </summary>
public sealed class FaultMatrixTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Error = "error=";
    private const string Kill = "signal=KILL";
    private const int SaidThatItCannotGoOn = 3;
    private const int Killed = 128 + 9;

    /// <summary>Calls that the manual pages let end with ENOSPC, or with EINTR; EIO and a kill can meet each.</summary>
    private static readonly string[] CanLackSpace = ["fallocate", "fsync", "ftruncate", "link", "mkdir", "open", "openat", "pwrite64", "rename"];
    private static readonly string[] CanBeInterrupted = ["fallocate", "flock", "fsync", "ftruncate", "open", "openat", "pread64", "pwrite64"];

    private readonly DirectoryInfo _earlier = Directory.CreateTempSubdirectory("journal-earlier-");

    /// <summary>Two lives and a torn end: what the third one finds.</summary>
    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/strace"), "strace is missing: apt-get install strace.");
        using var life = new TracedLife();
        Assert.Equal(0, await life.LiveAsync());
        Assert.Equal(0, await life.LiveAsync());
        await File.AppendAllTextAsync(JournalDirectory.Segments(life.Journal)[^1].Path, """{"journal.id":"torn""", TestContext.Current.CancellationToken);
        TracedLife.Copy(life.Folder, _earlier.FullName);
    }

    public ValueTask DisposeAsync()
    {
        _earlier.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task AfterAFaultAtTheFirstOrTheLastCallOfAnyKindTheJournalHoldsEveryAcknowledgedLine(bool hasEarlierLives) =>
        TryAsync(hasEarlierLives, calls => calls == 1 ? [1] : [1, calls]);

    [Theory(Explicit = true)]
    [Trait("Category", "Campaign")]
    [InlineData(false)]
    [InlineData(true)]
    public Task AfterAFaultAtAnyCallTheJournalHoldsEveryAcknowledgedLine(bool hasEarlierLives) =>
        TryAsync(hasEarlierLives, calls => Enumerable.Range(1, calls));

    [Fact]
    public async Task AfterAShortWriteAnywhereTheJournalHoldsEveryAcknowledgedLine()
    {
        var failures = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 30), Parallelism, async (i, _) =>
        {
            using var life = new TracedLife();
            var bytes = 1 + (i * 173);
            Judge(life, await life.LiveWithFilesOfAtMostAsync(bytes), $"files of at most {bytes} bytes", mayBeKilled: false, failures);
        });
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
    }

    private static ParallelOptions Parallelism => new()
    {
        MaxDegreeOfParallelism = Environment.ProcessorCount,
        CancellationToken = TestContext.Current.CancellationToken,
    };

    private async Task TryAsync(bool hasEarlierLives, Func<int, IEnumerable<int>> which)
    {
        var earlier = hasEarlierLives ? _earlier.FullName : null;
        SortedDictionary<string, int> calls;
        using (var counted = new TracedLife(earlier))
        {
            calls = await counted.CountCallsAsync();
        }

        Assert.True(calls.ContainsKey("fsync") && calls.ContainsKey("pwrite64"), string.Join(' ', calls.Keys));

        var faults = calls.SelectMany(call => Faults(call.Key).SelectMany(fault => which(call.Value).Select(n => (Call: call.Key, Fault: fault, N: n)))).ToList();
        var failures = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(faults, Parallelism, async (f, _) =>
        {
            using var life = new TracedLife(earlier);
            Judge(life, await life.LiveWithAsync(f.Call, f.Fault, f.N), $"{f.Fault} at {f.Call} {f.N}", mayBeKilled: f.Fault == Kill, failures);
        });
        output.WriteLine($"{faults.Count} faults at {calls.Values.Sum()} calls of {calls.Count} kinds: {string.Join(' ', calls.Select(c => $"{c.Key} {c.Value}"))}");
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
    }

    private static IEnumerable<string> Faults(string call)
    {
        yield return Error + "EIO";
        yield return Kill;
        if (CanLackSpace.Contains(call))
        {
            yield return Error + "ENOSPC";
        }

        if (CanBeInterrupted.Contains(call))
        {
            yield return Error + "EINTR";
        }
    }

    /// <summary>
    /// The life ended in order or said why it could not; the journal opens without an alarm, is sound, and holds what was acknowledged.
    /// </summary>
    private static void Judge(TracedLife life, int exitCode, string fault, bool mayBeKilled, ConcurrentQueue<string> failures)
    {
        try
        {
            Assert.True(exitCode is 0 or SaidThatItCannotGoOn || (mayBeKilled && exitCode == Killed), $"exit code {exitCode}");
            Directory.CreateDirectory(life.Journal, Disk.PrivateDirectory);
            var options = new JournalOptions { WarnFreeBytes = 0, CriticalFreeBytes = 0, ReserveBytes = 0 };
            using (var writer = JournalWriter.Open(life.Journal, options))
            {
                Assert.Equal(life.Journal, writer.LogDirectory);
            }

            Sound.Assert(life.Journal);
            Assert.False(File.Exists(Path.Combine(life.Journal, LogFiles.Damaged)));
            foreach (var log in life.Acknowledged.GroupBy(a => a.Log, a => a.Sequence))
            {
                AssertHolds(log.Key, [.. log]);
            }
        }
        catch (Exception e)
        {
            failures.Enqueue($"{fault}: {e.Message}\n{life.Said}");
        }
    }

    private static void AssertHolds(string log, HashSet<long> acknowledged)
    {
        using var reader = new JournalReader(log);
        while (reader.TryRead(out var line))
        {
            if (acknowledged.Remove(line.Sequence))
            {
                Assert.Contains("\"test.number\":", System.Text.Encoding.UTF8.GetString(line.Utf8.Span), StringComparison.Ordinal);
            }
        }

        // What was pruned is gone with the journal's own word for it, which the verifier has found in order.
        var first = JournalDirectory.Segments(log)[0].First;
        Assert.DoesNotContain(acknowledged, sequence => sequence >= first);
    }
}
