using System.Globalization;
using System.Text.RegularExpressions;

namespace SecurityAudit.Journal.Tests.Faults;

/// <summary>
/// One life of a journal (the driver's <c>life</c>) in a process of its own under strace, which sees only the calls on the journal's files,
/// counts them, or makes one of them fail.
/// </summary>
internal sealed partial class TracedLife : IDisposable
{
    private const int SegmentNames = 120;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("journal-life-");
    private readonly List<string> _paths = [];

    public TracedLife(string? copyOf = null)
    {
        if (copyOf is not null)
        {
            Copy(copyOf, _root.FullName);
        }

        Directory.CreateDirectory(Anchor);
        foreach (var folder in new[] { "", "quarantine", "keys", "slot-1" })
        {
            var at = Path.Combine(Journal, folder);
            _paths.Add(at);
            _paths.AddRange(Enumerable.Range(0, SegmentNames).Select(first => Path.Combine(at, JournalSegment.NameOf(first))));
        }

        _paths.AddRange(new[] { LogFiles.Lock, LogFiles.Reserve, LogFiles.Damaged, "keys/" + LogFiles.Key, ".gitignore" }.Select(name => Path.Combine(Journal, name)));
        _paths.AddRange(Directory.EnumerateFiles(Anchor).SelectMany(file => new[] { file, file + ".next" }));
        _paths.Add(Anchor);
    }

    public string Folder => _root.FullName;

    public string Journal => Path.Combine(_root.FullName, "audit");

    public List<(string Log, long Sequence)> Acknowledged { get; } = [];

    public string Said { get; private set; } = "";

    private string Anchor => Journal + ".anchor";

    /// <summary>Lives without strace.</summary>
    public Task<int> LiveAsync() => RunAsync(DriverProcess.Start("life", Journal));

    /// <summary>With files that cannot grow beyond so many bytes: the write that reaches that is short, the next one fails.</summary>
    public Task<int> LiveWithFilesOfAtMostAsync(int bytes) =>
        RunAsync(DriverProcess.StartProgram(
            "sh", "-c", "trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0 DOTNET_EnableDiagnostics=0; exec prlimit --fsize=\"$0\" \"$@\"", $"{bytes}",
            DriverProcess.Path, "life", Journal));

    /// <summary>How often each call is made on a journal's file, by the thread that makes it most often.</summary>
    public async Task<SortedDictionary<string, int>> CountCallsAsync()
    {
        var trace = Path.Combine(_root.FullName, "trace");
        Assert.Equal(0, await RunAsync(Strace(["-o", trace])));
        var perThread = File.ReadLines(trace).Select(line => Call().Match(line)).Where(match => match.Success)
            .CountBy(match => (Thread: match.Groups["thread"].Value, Name: match.Groups["name"].Value));
        return new(perThread.GroupBy(c => c.Key.Name).ToDictionary(g => g.Key, g => g.Max(c => c.Value)), StringComparer.Ordinal);
    }

    /// <summary>Each thread's n-th call of this name is injected.</summary>
    public Task<int> LiveWithAsync(string call, string injection, int n) =>
        RunAsync(Strace(["-o", "/dev/null", "-e", $"trace={call}", "-e", string.Create(CultureInfo.InvariantCulture, $"inject={call}:{injection}:when={n}")]));

    public void Dispose() => _root.Delete(recursive: true);

    public static void Copy(string from, string to)
    {
        foreach (var directory in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(directory.Replace(from, to, StringComparison.Ordinal), Disk.PrivateDirectory);
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, file.Replace(from, to, StringComparison.Ordinal));
        }
    }

    private DriverProcess Strace(IEnumerable<string> options) => DriverProcess.StartProgram(
        "strace", ["-f", "--seccomp-bpf", "-qq", .. options, .. _paths.SelectMany(path => new[] { "-P", path }), DriverProcess.Path, "life", Journal]);

    private async Task<int> RunAsync(DriverProcess driver)
    {
        using (driver)
        {
            var errors = driver.ErrorsAsync();
            while (await driver.Process.StandardOutput.ReadLineAsync() is { } line)
            {
                // A process that is killed may leave half a line.
                if (line.LastIndexOf(' ') is > 0 and var space && long.TryParse(line.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
                {
                    Acknowledged.Add((line[..space], sequence));
                }
            }

            var exitCode = await driver.ExitCodeAsync();
            Said = await errors;
            return exitCode;
        }
    }

    [GeneratedRegex(@"^(?<thread>\d+) +(?<name>[a-z0-9_]+)\(", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Call();
}
