using System.Text.Json;
using System.Text.RegularExpressions;
using SecurityAudit.Opening;

namespace SecurityAudit.Tool.Tests;

public sealed class ShowTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Audit => _folder["audit"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task InAPipeTheEventsComeAsJsonLinesThatAreTheJournalsOwn()
    {
        await Some.JournalAsync(Audit);

        var run = await ToolRun.PipedAsync("show", Audit);

        Assert.Equal(0, run.ExitCode);
        var journal = await File.ReadAllLinesAsync(Some.Segment(Audit));
        Assert.Equal(journal.Where(line => !line.Contains("\"event.action\":\"journal.", StringComparison.Ordinal)), run.Lines);
        Assert.Equal(Some.Events.Count, run.Lines.Length);
    }

    [Fact]
    public async Task LinesThatACrashLeftUnsignedAreNamedEachTimeTheJournalIsShown()
    {
        await Some.JournalAsync(Audit);
        var segment = Some.Segment(Audit);
        var lines = await File.ReadAllLinesAsync(segment);
        // Without journal.closed and its signature: what a crash leaves; then the application starts again.
        await File.WriteAllLinesAsync(segment, lines.TakeWhile(line => !line.Contains("journal.closed", StringComparison.Ordinal)));
        await Some.JournalAsync(Audit, []);

        var run = await ToolRun.PipedAsync("show", Audit);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Some.Events.Count, run.Lines.Length);
        Assert.Matches("The lines from [0-9]+ up to [0-9]+, which is not one of them, of log [a-z2-7]{8} had no signature when a crash ended the process", run.Error);
    }

    [Fact]
    public async Task OnATerminalTheEventsComeAsATable()
    {
        await Some.JournalAsync(Audit);

        var run = await ToolRun.OnTerminalAsync("show", Audit);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Time (UTC)", run.Output, StringComparison.Ordinal);
        Assert.Contains("2026-11-24 04:00:00", run.Output, StringComparison.Ordinal);
        Assert.Contains("authn_login_success", run.Output, StringComparison.Ordinal);
        Assert.Contains("carol → bob", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANarrowTerminalGetsTheColumnsThatFit()
    {
        await Some.JournalAsync(Audit);

        var run = await ToolRun.OnTerminalAsync(width: 80, "show", Audit);

        Assert.All(run.Lines, line => Assert.True(Regex.Replace(line, "\e\\[[0-9;]*m", "", RegexOptions.None, TimeSpan.FromSeconds(1)).Length <= 80, line));
        Assert.Contains("bob was denied", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(59)]
    public async Task ATerminalTooNarrowForColumnsGetsEachEventWhole(int width)
    {
        await Some.JournalAsync(Audit);

        var run = await ToolRun.OnTerminalAsync(width, "show", Audit);

        var lines = run.Lines.Select(line => Regex.Replace(line, "\e\\[[0-9;]*m", "", RegexOptions.None, TimeSpan.FromSeconds(1))).ToList();
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Contains("11-2404:02:00authz_failbob198.51.100.20bobwasdenied", string.Concat(lines).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--from", "2026-11-24T04:02", "authz_fail", "authz_change")]
    [InlineData("--from", "2026-11-24T05:02+01:00", "authz_fail", "authz_change")]
    [InlineData("--to", "2026-11-24T04:01:00Z", "authn_login_fail")]
    [InlineData("--from", "2026-11-25")]
    [InlineData("--action", "authz_fail", "authz_fail")]
    [InlineData("--action", "authn_*", "authn_login_fail", "authn_login_success")]
    [InlineData("--user", "ALICE", "authn_login_fail", "authn_login_success")]
    [InlineData("--user", "bob", "authz_fail", "authz_change")]
    [InlineData("--source", "198.51.100.20", "authz_fail")]
    [InlineData("--source", "203.0.113.0/24", "authn_login_fail", "authn_login_success")]
    [InlineData("--source", "2001:db8::/32", "authz_change")]
    [InlineData("--text", "EDITOR", "authz_change")]
    [InlineData("--outcome", "success", "authn_login_fail", "authn_login_success", "authz_fail", "authz_change")]
    [InlineData("--outcome", "failure")]
    [InlineData("--last", "1", "authz_change")]
    public async Task AFilterLeavesWhatItNames(string option, string value, params string[] expected)
    {
        await Some.JournalAsync(Audit);

        var run = await ToolRun.PipedAsync("show", Audit, option, value);

        Assert.Equal("", run.Error);
        Assert.Equal(expected, run.Lines.Select(Action));
    }

    [Fact]
    public async Task FiltersOfDifferentKindsMustAllHoldAndOfOneKindAny()
    {
        await Some.JournalAsync(Audit);

        var run = await ToolRun.PipedAsync("show", Audit, "--user", "alice", "--user", "carol", "--action", "auth*", "--from", "2026-11-24T04:01");

        Assert.Equal(["authn_login_success", "authz_change"], run.Lines.Select(Action));
    }

    [Fact]
    public async Task TheJournalsOwnLinesAreShownOnRequest()
    {
        await Some.JournalAsync(Audit);

        Assert.Contains("journal.opened", (await ToolRun.PipedAsync("show", Audit, "--control")).Lines.Select(Action));
        Assert.All((await ToolRun.PipedAsync("show", Audit, "--action", "journal.closed")).Lines, line => Assert.Equal("journal.closed", Action(line)));
    }

    [Fact]
    public async Task TheLogsOfTwoProcessesComeInTheOrderOfTime()
    {
        await Some.JournalAsync(Audit, [Some.Events[0], Some.Events[2]]);
        await Some.JournalAsync(Path.Combine(Audit, "slot-1"), [Some.Events[1], Some.Events[3]]);

        var run = await ToolRun.PipedAsync("show", Audit);

        Assert.Equal(Some.Events.Select(e => e["event.action"]), run.Lines.Select(Action));
    }

    [Theory]
    [InlineData("\u202E", "\\u202E")]
    [InlineData("\u2066", "\\u2066")]
    [InlineData("\u200F", "\\u200F")]
    [InlineData("\u2028", "\\u2028")]
    [InlineData("\e[2J", "\\u001B[2J")]
    [InlineData("\u009B1m", "\\u009B1m")]
    [InlineData("\a\b\r\n", "\\u0007\\u0008\\u000D\\u000A")]
    public async Task WhatCouldDeceiveATerminalIsEscapedInEveryOutput(string hostile, string visible)
    {
        // Raw, as another writer might put it: System.Text.Json would have escaped most of it. JSON itself forbids C0 characters in the
        // raw.
        var json = hostile.Any(c => c < ' ')
            ? JsonSerializer.Serialize(hostile)
            : $"\"{hostile}\"";
        await using (var writer = SecurityAudit.Journal.JournalWriter.Open(Audit))
        {
            writer.Append(System.Text.Encoding.UTF8.GetBytes($"{{\"@timestamp\":\"2026-11-24T04:00:00Z\",\"event.action\":\"app_exception\",\"message\":{json}}}"));
        }

        var table = await ToolRun.OnTerminalAsync("show", Audit);
        var lines = await ToolRun.PipedAsync("show", Audit);

        Assert.Contains(visible, table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(hostile, table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(hostile, lines.Output, StringComparison.Ordinal);
        using var line = JsonDocument.Parse(Assert.Single(lines.Lines));
        Assert.Equal(hostile, line.RootElement.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("""{"@timestamp":"2026-11-24T04:00:00\ud800","event.action":"authn_login_fail","user.name":"\ud800"}""", "authn_login_fail")]
    [InlineData("""{"event.action":"authn_login_fail","message":nothing}""", "authn_login_fail")]
    public async Task ALineThatNobodyCanReadWhollyIsShownAllTheSame(string hostile, string shown)
    {
        await using (var writer = SecurityAudit.Journal.JournalWriter.Open(Audit))
        {
            writer.Append(System.Text.Encoding.UTF8.GetBytes(hostile));
        }

        Assert.Contains(shown, (await ToolRun.OnTerminalAsync("show", Audit)).Output, StringComparison.Ordinal);
        Assert.Contains(hostile[1..20], Assert.Single((await ToolRun.PipedAsync("show", Audit)).Lines), StringComparison.Ordinal);
        Assert.Equal(0, (await ToolRun.PipedAsync("verify", Audit, "--key", SecurityAudit.Journal.JournalVerifier.Verify(Audit).Logs[0].Key!.ToString())).ExitCode);
    }

    [Fact]
    public async Task ADamagedLineIsPassedOverAndSaid()
    {
        await Some.JournalAsync(Audit);
        var segment = Some.Segment(Audit);
        await Some.JournalAsync(Audit, [Some.Events[1]]);
        await File.WriteAllTextAsync(segment, (await File.ReadAllTextAsync(segment)).Replace("bob was denied", "bob was let in", StringComparison.Ordinal));

        var run = await ToolRun.PipedAsync("show", Audit);

        Assert.Equal(["authn_login_fail", "authn_login_success", "authz_change", "authn_login_success"], run.Lines.Select(Action));
        Assert.Equal("security-audit: 1 lines could not be read or are gone. 'security-audit verify' tells which and whether that is right.\n", run.Error);
    }

    private static string Action(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("event.action").GetString()!;
    }
}
