using System.Globalization;
using System.Text.RegularExpressions;
using SecurityAudit.Journal;
using SecurityAudit.Journal.Tests;
using SecurityAudit.Tests.Processes;

namespace SecurityAudit.Tests.Alerts;

/// <summary>Lives of the driver that are attacked once each, one after another on one journal, killed where the test says.</summary>
internal sealed partial class TracedAlertLives : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-alert-lives-");

    /// <summary>The accounts whose attack a life said was on disk.</summary>
    public List<string> Acknowledged { get; } = [];

    /// <summary>The alerts of the journal: their ids and what they say.</summary>
    public IReadOnlyList<(string Id, string Sentence)> Raised =>
        [.. JournalEvents.ReadAll(Journal).Where(e => e.Text("event.kind") == "alert").Select(e => (e.Text("event.id")!, e.Text("message")!))];

    /// <summary>What the receiver has: by which process, which alert.</summary>
    public IReadOnlyList<(string Process, string Alert)> Received =>
        [.. File.ReadAllLines(Path.Combine(_folder.FullName, "received")).Select(line => line.Split(' ')).Select(parts => (parts[0], parts[1]))];

    private string Journal => Path.Combine(_folder.FullName, "audit");

    /// <summary>True when it was killed.</summary>
    public Task<bool> LiveAsync(string killAt = "never") => RunAsync(DriverProcess.StartProgram(DriverApp.Path, "alert-life", _folder.FullName, killAt));

    /// <summary>Killed at a thread's n-th call of this name on a file of the receiver's, of detection's or of the channel's.</summary>
    public Task<bool> LiveUntilAsync(string call, int n) => RunAsync(Strace(
        "-o", "/dev/null", "-e", $"trace={call}", "-e", string.Create(CultureInfo.InvariantCulture, $"inject={call}:signal=KILL:when={n}")));

    /// <summary>Which calls are made on those files, and how often at most by one thread.</summary>
    public async Task<IReadOnlyList<(string Call, int Count)>> CallsAsync()
    {
        var trace = Path.Combine(_folder.FullName, "trace");
        Assert.False(await RunAsync(Strace("-o", trace)));
        return
        [
            .. File.ReadLines(trace).Select(line => Call().Match(line)).Where(match => match.Success)
                .CountBy(match => (Thread: match.Groups["thread"].Value, Name: match.Groups["name"].Value))
                .GroupBy(call => call.Key.Name, StringComparer.Ordinal).Select(call => (call.Key, call.Max(count => count.Value)))
                .OrderBy(call => call.Key, StringComparer.Ordinal),
        ];
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private DriverProcess Strace(params string[] options)
    {
        string[] folders = [Path.Combine(Journal, "detection"), Path.Combine(Journal, "alerts")];
        var remembered = folders.SelectMany(Directory.GetFiles).Where(file =>
            file.EndsWith(".state", StringComparison.Ordinal) || file.EndsWith(".delivered", StringComparison.Ordinal));
        string[] paths = [Path.Combine(_folder.FullName, "received"), .. folders, .. remembered.SelectMany(file => new[] { file, file + ".new" })];
        return DriverProcess.StartProgram(
            "strace", ["-f", "--seccomp-bpf", "-qq", .. options, .. paths.SelectMany(path => new[] { "-P", path }), DriverApp.Path, "alert-life", _folder.FullName, "never"]);
    }

    private async Task<bool> RunAsync(DriverProcess driver)
    {
        using (driver)
        {
            var errors = driver.ErrorsAsync();
            while (await driver.Process.StandardOutput.ReadLineAsync() is { } line)
            {
                Acknowledged.Add(line);
            }

            var exitCode = await driver.ExitCodeAsync();
            Assert.True(exitCode is 0 or 137, $"The life ended with {exitCode}: {await errors}");
            return exitCode == 137;
        }
    }

    [GeneratedRegex(@"^(?<thread>\d+) +(?<name>[a-z0-9_]+)\(", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Call();
}
