using BenchmarkDotNet.Attributes;
using SecurityAudit.Journal;
using SecurityAudit.Journal.Driver;
using Serilog;
using Serilog.Core;
using Serilog.Formatting.Compact;

namespace SecurityAudit.Benchmarks;

/// <summary>
/// What a line costs its caller when nobody waits for the disk: the journal's append of a ready event against Serilog's file sink with the
/// same facts. Both write to a file; the journal hashes besides, the sink formats.
/// </summary>
[MemoryDiagnoser]
[InvocationCount(1)]
public class JournalBenchmarks
{
    private const int Lines = 50_000;

    private readonly byte[] _event = Some.RealisticEvent();
    private DirectoryInfo _folder = null!;
    private JournalWriter _journal = null!;
    private Logger _file = null!;

    [GlobalSetup]
    public void Start()
    {
        _folder = Directory.CreateTempSubdirectory("sa-bench-");
        _journal = JournalWriter.Open(Path.Combine(_folder.FullName, "audit"), new JournalOptions { BufferBytes = 128 * 1024 * 1024 });
        _file = new LoggerConfiguration()
            .WriteTo.File(new CompactJsonFormatter(), Path.Combine(_folder.FullName, "log.clef"), fileSizeLimitBytes: null)
            .CreateLogger();
    }

    /// <summary>The buffer is empty when a round begins, so that the callers' cost is measured and not the disk's speed.</summary>
    [IterationSetup]
    public void Settle() => _journal.FlushAsync().AsTask().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Stop()
    {
        _journal.Dispose();
        _file.Dispose();
        _folder.Delete(recursive: true);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Lines)]
    public void SerilogFileSink()
    {
        for (var i = 0; i < Lines; i++)
        {
            FlushedAuditFile.WriteRealisticEvent(_file);
        }
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public void JournalAppend()
    {
        for (var i = 0; i < Lines; i++)
        {
            _journal.Append(_event);
        }
    }
}
