using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Journal;
using static SecurityAudit.Tests.Detection.SomeAttempt;

namespace SecurityAudit.Tests.Detection;

/// <summary>Detection follows the journal of a real host, across its stops and starts.</summary>
public sealed class FollowingTests : IDisposable
{
    private const string Spraying = "alert_password_spraying";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-follow-");
    private readonly CollectingLogger _log = new();

    private string Journal => Path.Combine(_folder.FullName, "audit");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task AnAttackInTheJournalIsAnAlertInTheJournal()
    {
        using var host = await StartAsync();
        Record(host, Now(Spray(5, 15)));

        var alert = await AlertAsync(host, Spraying);
        Assert.Equal(
            ("alert", "73", "Password spraying", Attacker, "raised", "15", "5", "TA0006", "T1110.003"),
            (alert.Text("event.kind"), alert.Text("event.severity"), alert.Text("rule.name"), alert.Text("source.ip"), alert.Text("security_audit.alert.stage"),
                alert.Text("security_audit.alert.attempts"), alert.Text("security_audit.alert.distinct"), alert.Texts("threat.tactic.id")[0],
                alert.Texts("threat.technique.subtechnique.id")[0]));
        var attempts = JournalEvents.Read(Journal).Where(e => e.Text("event.action") == "authn_login_fail").Select(e => e.Text("event.id"));
        Assert.Equal(attempts, alert.Texts("security_audit.alert.events"));
        Assert.StartsWith(
            $"(event.action : (\"authn_login_fail\" or \"authn_mfa_fail\")) and source.ip : \"{Attacker}\" and @timestamp >= ", alert.Text("security_audit.alert.query"),
            StringComparison.Ordinal);
        Assert.StartsWith(
            $"security-audit show JOURNAL --action authn_login_fail --action authn_mfa_fail --source {Attacker} --from ", alert.Text("security_audit.alert.command"),
            StringComparison.Ordinal);
        Assert.Contains(_log.Said, said => said.StartsWith("Password spraying: Somebody at 203.0.113.7 is trying", StringComparison.Ordinal));
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Single(Alerts());
    }

    [Fact]
    public async Task AnAttackThatSpansARestartIsToldOnce()
    {
        await RunAsync(Spray(5, 8));
        Assert.Empty(Alerts());

        await RunAsync(Spray(5, 7));
        Assert.Equal(Spraying, Assert.Single(Alerts()).Text("event.action"));

        await RunAsync(Spray(5, 9));
        Assert.Single(Alerts());
    }

    [Fact]
    public async Task WhatWasRecordedAndNotJudgedBeforeACrashIsToldAtTheNextStart()
    {
        await RunAsync(Spray(5, 20), "SecurityAudit:Detection:Enabled=false");
        Assert.Empty(Alerts());

        await RunAsync([]);
        Assert.Single(Alerts());

        File.Delete(StateFile);
        await RunAsync([]);
        Assert.Single(Alerts());
    }

    [Fact]
    public async Task ASuccessBehindTheAttackIsToldThoughBothCameBeforeTheStart()
    {
        await RunAsync(
            Spray(5, 15).Append(At(SecurityEvents.AuthnLoginSuccess(Some.User()))), "SecurityAudit:Detection:Enabled=false");
        Assert.Empty(Alerts());

        await RunAsync([]);
        Assert.Equal([Spraying, "alert_success_after_attack"], Alerts().Select(alert => alert.Text("event.action")));
    }

    [Fact]
    public async Task WhatADeadProcessLeftUnjudgedIsToldByAnotherOfTheSameJournal()
    {
        using (var first = await StartAsync())
        {
            await RunAsync([]); // in a log of its own, which its detection has judged
            await RunAsync(Spray(5, 15), "SecurityAudit:Detection:Enabled=false"); // and as a kill leaves it
            await first.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Empty(Alerts());
        using var host = await StartAsync();
        Assert.Equal("15", (await AlertAsync(host, Spraying)).Text("security_audit.alert.attempts"));
        await host.StopAsync(TestContext.Current.CancellationToken);

        await RunAsync([]);
        Assert.Single(Alerts());
    }

    [Fact]
    public async Task AStateThatCannotBeReadIsSaidAndNothingIsToldTwice()
    {
        await RunAsync(Spray(5, 20));
        await File.WriteAllTextAsync(StateFile, "{ nonsense", TestContext.Current.CancellationToken);

        await RunAsync([]);
        Assert.Single(Alerts());
        Assert.Contains(_log.Said, said => said.StartsWith("What detection remembered is lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheStateIsForThisUserAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions");
        await RunAsync(Spray(5, 2));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(StateFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(StateFile)!));
    }

    [Fact]
    public async Task WhatIsKnownOfAccountsForWeeksOutlivesARestart()
    {
        SecurityEvent SignIn(string source) => At(SecurityEvents.AuthnLoginSuccess(Some.User() with { Roles = ["Admin"] }), source, DateTimeOffset.UtcNow);

        await RunAsync([SignIn("192.0.2.1")]);
        await RunAsync([SignIn("192.0.2.1")]);
        Assert.Empty(Alerts());

        await RunAsync([SignIn("198.51.100.1")]);
        Assert.Equal("alert_new_source_for_administrator", Assert.Single(Alerts()).Text("event.action"));
    }

    [Fact]
    public async Task ARuleOnTrialIsInTheLogAloneAndOneThatIsSwitchedOffIsAnEvent()
    {
        await RunAsync(
            Spray(5, 20).Append(At(SecurityEvents.MaliciousAttackTool("sqlmap"), at: DateTimeOffset.UtcNow)),
            "SecurityAudit:Detection:Rules:password_spraying:DryRun=true", "SecurityAudit:Detection:Rules:attack_tool:Enabled=false");

        Assert.Empty(Alerts());
        Assert.Contains(_log.Said, said => said.StartsWith("The rule Password spraying is on trial and would have told: Somebody at", StringComparison.Ordinal));
        Assert.Equal(
            "The monitor detection:attack_tool is switched off.",
            Assert.Single(JournalEvents.Read(Journal), e => e.Text("event.action") == "sys_monitor_disabled").Text("message"));
    }

    [Fact]
    public async Task AThresholdThatTheOptionsChangeHolds()
    {
        await RunAsync(Spray(5, 19), "SecurityAudit:Detection:Rules:password_spraying:When:0:Count=20");
        Assert.Empty(Alerts());

        await RunAsync(Spray(5, 1), "SecurityAudit:Detection:Rules:password_spraying:When:0:Count=20");
        Assert.Single(Alerts());
    }

    [Fact]
    public async Task AHoneytokenThatNoAccountHasIsFoundByTheHashOfItsName()
    {
        using var host = await StartAsync("SecurityAudit:Detection:Honeytokens:0=Svc-Backup");
        Record(host, [At(SecurityEvents.AuthnLoginFail(new AuditUser(null, "svc-backup") { Exists = false }, "unknown user"), at: DateTimeOffset.UtcNow)]);

        var alert = await AlertAsync(host, "alert_honeytoken");
        Assert.Equal("99", alert.Text("event.severity"));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task ARuleThatCannotBeUsedStopsTheStartWithTheReason()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(
            "SecurityAudit:Detection:Rules:password_spraying:When:0:Distinct:Count=16",
            "SecurityAudit:Detection:Rules:mine:Name=Mine"));

        Assert.Contains(
            "SecurityAudit:Detection:Rules:password_spraying: when[0] distinct.count is 16, expected 2 to 15, the count: fewer events have no more values.", fault.Message,
            StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:Detection:Rules:mine is no rule:", fault.Message, StringComparison.Ordinal);
    }

    private string StateFile => Assert.Single(Directory.GetFiles(Path.Combine(Journal, "detection"), "*.state"));

    private List<JsonElement> Alerts() => [.. JournalEvents.Read(Journal).Where(e => e.Text("event.kind") == "alert")];

    private static IEnumerable<SecurityEvent> Now(IEnumerable<SecurityEvent> events) => events.Select(e => e with { Timestamp = DateTimeOffset.UtcNow, Id = null });

    private static void Record(IHost host, IEnumerable<SecurityEvent> events)
    {
        foreach (var e in events)
        {
            host.Services.GetRequiredService<ISecurityAudit>().Record(e);
        }
    }

    private async Task<JsonElement> AlertAsync(IHost host, string action)
    {
        JsonElement? found = null;
        for (var deadline = DateTime.UtcNow.AddSeconds(20); found is null && DateTime.UtcNow < deadline; await Task.Delay(5))
        {
            await host.Services.GetRequiredService<JournalWriter>().FlushAsync(TestContext.Current.CancellationToken);
            found = Alerts().Where(e => e.Text("event.action") == action).Select(e => (JsonElement?)e).FirstOrDefault();
        }

        Assert.NotNull(found);
        return found.Value;
    }

    private async Task RunAsync(IEnumerable<SecurityEvent> events, params string[] settings)
    {
        using var host = await StartAsync(settings);
        Record(host, Now(events));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private async Task<IHost> StartAsync(params string[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = _folder.FullName });
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => setting.Split('=')).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1])));
        builder.AddSecurityAudit();
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }
}
