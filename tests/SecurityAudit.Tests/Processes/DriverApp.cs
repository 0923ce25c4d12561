using System.Text;
using System.Text.RegularExpressions;
using SecurityAudit.Journal.Tests;

namespace SecurityAudit.Tests.Processes;

/// <summary>
/// The driver, an application with the one line, as a process of its own that serves on loopback; killed when the test is over.
/// </summary>
internal sealed partial class DriverApp : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DriverProcess _driver;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<Uri?> _serves = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _listening;

    private DriverApp(DriverProcess driver)
    {
        _driver = driver;
        _listening = ListenAsync();
    }

    /// <summary>The executable, built beside this test project with the same configuration.</summary>
    public static string Path => System.IO.Path.Combine(
        AppContext.BaseDirectory.Replace("SecurityAudit.Tests", "SecurityAudit.Driver", StringComparison.Ordinal),
        "SecurityAudit.Driver" + (OperatingSystem.IsWindows() ? ".exe" : ""));

    /// <summary>A user without a name and without a home.</summary>
    public static string[] AsNobody(params string[] environment)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may run a process as another user.");
        return ["env", "-u", "HOME", "-u", "XDG_STATE_HOME", "-u", "STATE_DIRECTORY", .. environment, "setpriv", "--reuid", "4242", "--regid", "4242", "--clear-groups"];
    }

    public HttpClient Client { get; } = new();

    /// <summary>What it wrote to its console so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <param name="contentRoot">Its content root.</param>
    /// <param name="settings">Like <c>SecurityAudit:Journal:FailureMode=Refuse</c>.</param>
    /// <param name="before">A program that starts it, with its arguments.</param>
    /// <param name="program">Another build of it.</param>
    public static DriverApp Start(string contentRoot, string[]? settings = null, string[]? before = null, string? program = null)
    {
        string[] command =
        [
            .. before ?? [], program ?? Path, "--contentRoot", contentRoot, "--urls", "http://127.0.0.1:0",
            .. (settings ?? []).Select(setting => "--" + setting),
        ];
        return new DriverApp(DriverProcess.StartProgram(command[0], command[1..]));
    }

    public async Task<DriverApp> ServesAsync()
    {
        var address = await _serves.Task.WaitAsync(Patience);
        Assert.True(address is not null, $"It ended without serving:\n{Said}\n{(address is null ? await _driver.ErrorsAsync() : "")}");
        Client.BaseAddress = address;
        return this;
    }

    /// <summary>Its exit code, once it has ended by itself.</summary>
    public async Task<int> EndAsync()
    {
        var code = await _driver.ExitCodeAsync();
        await _listening.WaitAsync(Patience);
        return code;
    }

    /// <summary>What it wrote to standard error, once it has ended.</summary>
    public Task<string> ErrorsAsync() => _driver.ErrorsAsync();

    /// <summary>SIGTERM, as every orchestrator sends it.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = DriverProcess.StartProgram("kill", "-TERM", _driver.Process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)))
        {
            Assert.Equal(0, await kill.ExitCodeAsync());
        }

        return await EndAsync();
    }

    public void Dispose()
    {
        Client.Dispose();
        _driver.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await _driver.Process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_said)
            {
                _said.AppendLine(line);
            }

            if (Listening().Match(line) is { Success: true } match)
            {
                _serves.TrySetResult(new Uri(match.Groups["url"].Value));
            }
        }

        _serves.TrySetResult(null);
    }

    [GeneratedRegex("Now listening on: (?<url>http://127\\.0\\.0\\.1:[0-9]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Listening();
}
