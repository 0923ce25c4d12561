using System.Diagnostics;
using System.Text;

namespace SecurityAudit.Journal.Tests;

/// <summary>The driver program as a process of its own; killed when the test is over.</summary>
internal sealed class DriverProcess : IDisposable
{
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource _errorsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DriverProcess(Process process)
    {
        Process = process;
        process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is null)
            {
                _errorsEnded.SetResult();
            }
            else
            {
                _errors.AppendLine(e.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>The executable, built beside this test project with the same configuration.</summary>
    public static string Path => System.IO.Path.Combine(
        AppContext.BaseDirectory.Replace("SecurityAudit.Journal.Tests", "SecurityAudit.Journal.Driver", StringComparison.Ordinal),
        "SecurityAudit.Journal.Driver" + (OperatingSystem.IsWindows() ? ".exe" : ""));

    public Process Process { get; }

    public static DriverProcess Start(params string[] arguments) => StartProgram(Path, arguments);

    public static DriverProcess StartProgram(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // Short lives: what a runtime prepares for a long one, or for a debugger, is most of what starting costs.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";
        var process = Process.Start(start)!;
        return new DriverProcess(process);
    }

    public async Task<int> ExitCodeAsync()
    {
        await Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return Process.ExitCode;
    }

    /// <summary>All that it wrote to standard error, once it has closed it.</summary>
    public async Task<string> ErrorsAsync()
    {
        await _errorsEnded.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return _errors.ToString();
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill(entireProcessTree: true);
        }

        Process.Dispose();
    }
}
