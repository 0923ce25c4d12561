using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>A real engine that this test run started and that ends with it: it stops when its standard input does.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _data;
    private readonly bool _keepData;

    private EngineProcess(Process process, Uri url, int id, string data, bool keepData) => (_process, Url, Id, _data, _keepData) = (process, url, id, data, keepData);

    public Uri Url { get; }

    public int Id { get; }

    public static string? Starter { get; } = FindStarter();

    /// <summary>Why no engine can be started here, or null.</summary>
    public static string? Missing { get; } =
        Starter is null ? "No engine: neither SECURITY_AUDIT_ENGINES nor ../shared/engines/start is there."
        : FindOnPath("java") ? null : "No engine: java is not on the PATH.";

    public static async Task<EngineProcess> StartAsync(string engine, string? data = null, params string[] arguments)
    {
        var folder = data ?? Directory.CreateTempSubdirectory($"security-audit-{engine}-").FullName;
        var start = new ProcessStartInfo(Starter!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[engine, "--data", folder, "--stop-with-stdin", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        // An engine lives for seconds here: compiling it twice, the second time with care, is more work than it does.
        start.Environment["JAVA_TOOL_OPTIONS"] = $"{Environment.GetEnvironmentVariable("JAVA_TOOL_OPTIONS")} -XX:TieredStopAtLevel=1".TrimStart();
        var process = Process.Start(start)!;
        var log = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
            {
                log.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (await process.StandardOutput.ReadLineAsync(bound.Token) is { } line)
        {
            if (line.Split(' ') is ["ready", var url, "pid", var id])
            {
                return new EngineProcess(process, new Uri(url), int.Parse(id, System.Globalization.CultureInfo.InvariantCulture), folder, data is not null);
            }
        }

        throw new InvalidOperationException($"{engine} did not start: {log}");
    }

    /// <summary>A power cut for the process alone.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public void Stop() => Signal(19);

    public void Continue() => Signal(18);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Continue();
            _process.StandardInput.Close();
            using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            try
            {
                await _process.WaitForExitAsync(bound.Token);
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
            }
        }

        _process.Dispose();
        if (!_keepData)
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    private void Signal(int signal)
    {
        if (kill(Id, signal) != 0)
        {
            throw new InvalidOperationException($"kill({Id}, {signal}) failed: {Marshal.GetLastPInvokeError()}");
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int id, int signal);

    private static string? FindStarter()
    {
        if (Environment.GetEnvironmentVariable("SECURITY_AUDIT_ENGINES") is { Length: > 0 } named)
        {
            return File.Exists(Path.Combine(named, "start")) ? Path.Combine(named, "start") : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "SecurityAudit.sln")))
            {
                continue;
            }

            var start = Path.Combine(folder.Parent?.FullName ?? "/", "shared", "engines", "start");
            return File.Exists(start) ? start : null;
        }

        return null;
    }

    private static bool FindOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
}
