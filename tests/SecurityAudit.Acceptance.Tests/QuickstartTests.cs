namespace SecurityAudit.Acceptance.Tests;

/// <summary>The sample as a newcomer runs it: a process of its own, in a copy of its content, twice.</summary>
public sealed class QuickstartTests : IDisposable
{
    private static readonly string[] Rows =
    [
        "sys_startup", "user_created", "session_created", "authn_login_success", "session_logout", "authn_login_fail", "authn_login_lock",
        "authn_unlock", "authz_fail", "authz_change", "order.place", "order.ship", "authn_mfa_success", "app_exception", "alert_password_spraying",
        "alert_success_after_attack", "alert_attack_tool", "alert_forced_browsing", "alert_forged_request", "alert_session_reuse",
    ];

    private readonly string _content = Directory.CreateTempSubdirectory("quickstart-").FullName;

    public QuickstartTests()
    {
        File.Copy(Repository.PathOf("samples", "Quickstart", "appsettings.json"), Path.Combine(_content, "appsettings.json"));
        Directory.CreateDirectory(Path.Combine(_content, "wwwroot"));
        File.Copy(Repository.PathOf("samples", "Quickstart", "wwwroot", "shop.css"), Path.Combine(_content, "wwwroot", "shop.css"));
    }

    [Fact]
    public async Task TheFirstRunAndTheSecondShowTheEventsTheAlertAndTheVerdict()
    {
        var first = await RunAsync();
        var second = await RunAsync();

        foreach (var run in new[] { first, second })
        {
            Assert.True(run.ExitCode == 0, run.Output + run.Error);
            Assert.Empty(run.Error);
            Assert.All(Rows, action => Assert.Contains($"  {action} ", run.Output, StringComparison.Ordinal));
            Assert.Contains("Somebody at 127.0.", run.Output, StringComparison.Ordinal);
            Assert.Contains("6 alerts, 6 expected: ", run.Output, StringComparison.Ordinal);
            Assert.Contains("  SOUND      ", run.Output, StringComparison.Ordinal);
            Assert.Contains("  NOT SOUND  ", run.Output, StringComparison.Ordinal);
            Assert.EndsWith("Everything that happened is on record.", run.Output.TrimEnd(), StringComparison.Ordinal);
            Assert.DoesNotContain('\u001b', run.Output);
            // The password that worked, and those of the stranger.
            Assert.DoesNotContain("Quiet-Kettle", run.Output + Journal(), StringComparison.Ordinal);
            Assert.DoesNotContain("Winter-2026", run.Output + Journal(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ARunThatMissesAnEventNamesItAndFails()
    {
        var run = await RunAsync("--SecurityAudit:Detection:Enabled=false");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("sys_monitor_disabled", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            "MISSING:\n  alert_password_spraying, expected after: A stranger tries two common passwords on nine accounts",
            run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_content, recursive: true);

    private Task<ProcessRun> RunAsync(params string[] options)
    {
        // The sample is built beside these tests, in the same configuration.
        var output = Path.GetRelativePath(Repository.PathOf("tests", "SecurityAudit.Acceptance.Tests"), AppContext.BaseDirectory);
        var program = Path.Combine(Repository.PathOf("samples", "Quickstart"), output, "Quickstart.dll");
        // Last: ASP.NET Core's configuration takes what follows an option without a value for its value.
        return ProcessRun.RunAsync(_content, TimeSpan.FromMinutes(2), "dotnet", [program, .. options, "--once"]);
    }

    private string Journal() =>
        string.Concat(Directory.EnumerateFiles(Path.Combine(_content, "audit"), "*.jsonl", SearchOption.AllDirectories).Select(File.ReadAllText));
}
