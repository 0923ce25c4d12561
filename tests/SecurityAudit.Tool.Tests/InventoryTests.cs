using System.Text.Json;
using SecurityAudit.Journal;
using SecurityAudit.Opening;

namespace SecurityAudit.Tool.Tests;

public sealed class InventoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Audit => _folder["audit"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AnAuditorReadsWhatIsLoggedWhereHowProtectedAndWhatIsNotCovered()
    {
        await Some.JournalAsync(Audit, [Coverage(0, "web-1", "hub:/old"), Coverage(1, "web-1", "hub:/chat ChatHub"), Of(2, "web-1", "authz_fail"), Of(3, "web-2", "authz_fail")]);

        var run = await ToolRun.PipedAsync("inventory", Audit);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal($"journal {Audit}", run.Lines[0]);
        Assert.Contains($"signed by {JournalVerifier.Verify(Audit).Logs[0].Key}", run.Output, StringComparison.Ordinal);
        Assert.Contains("application shop 1.2, environment Production, on host web-1", run.Output, StringComparison.Ordinal);
        Assert.Contains("  kinds         audit_coverage 2, authz_fail 1\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  coverage      as found at its start at 2026-11-24 04:01:00Z\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  captured      sessions, denials\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  NOT COVERED   identity, hub:/chat ChatHub\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  to do         hub:/chat ChatHub: record it\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("/old", run.Output, StringComparison.Ordinal);
        Assert.Contains("  accepted      form:POST /webhook: signed by the sender\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  no such gap   form:POST /webhok\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  kept          30.00:00:00 at least", run.Output, StringComparison.Ordinal);
        Assert.Contains("  goes also to  shipping to Elasticsearch, WriteTo 1\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("coverage      not known: no event audit_coverage is there.", run.Output.Split("web-2")[1], StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Contains("  who reads     0700, its owner alone\n", run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AProgramGetsTheSameAsOneJsonObject()
    {
        await Some.JournalAsync(Audit, [Coverage(0, "web-1", "hub:/chat"), Of(1, "web-1", "authz_fail"), Of(2, "web-1", "authz_fail")]);

        var run = await ToolRun.PipedAsync("inventory", Audit, "--json");

        using var json = JsonDocument.Parse(Assert.Single(run.Lines));
        Assert.Equal("never shipped", Assert.Single(json.RootElement.GetProperty("logs").EnumerateArray()).GetProperty("shipping").GetString());
        var service = Assert.Single(json.RootElement.GetProperty("services").EnumerateArray());
        Assert.Equal(("shop", "web-1", 3), (service.GetProperty("service").GetString(), service.GetProperty("host").GetString(), service.GetProperty("events").GetInt32()));
        Assert.Equal(2, service.GetProperty("actions").GetProperty("authz_fail").GetInt32());
        var coverage = service.GetProperty("coverage");
        Assert.Equal("form:POST /webhook: signed by the sender", Assert.Single(coverage.GetProperty("accepted").EnumerateArray()).GetString());
        Assert.Equal("form:POST /webhok", Assert.Single(coverage.GetProperty("accepted_unmatched").EnumerateArray()).GetString());
        Assert.Equal("30.00:00:00", coverage.GetProperty("retention").GetString());
        Assert.Equal(["shipping to Elasticsearch", "WriteTo 1"], coverage.GetProperty("sinks").EnumerateArray().Select(sink => sink.GetString()));
        Assert.Equal(
            ["identity", "hub:/chat"], service.GetProperty("coverage").GetProperty("missing").EnumerateArray().Select(part => part.GetString()));
    }

    [Fact]
    public async Task WhatAHostileWriterPutsInItNeitherDeceivesNorStopsIt()
    {
        await using (var writer = JournalWriter.Open(Audit))
        {
            writer.Append("""{"event.action":"audit_coverage","service.name":"a\u001b[2J","security_audit.coverage.captured":["\ud800",7,"\u202e"]}"""u8);
            writer.Append("""{"event.action":"audit_coverage","security_audit.coverage.captured":nothing}"""u8);
            for (var n = 0; n < 300; n++)
            {
                writer.Append(JsonSerializer.SerializeToUtf8Bytes(Of(0, $"host-{n}", "authz_fail")));
            }
        }

        var run = await ToolRun.PipedAsync("inventory", Audit);

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("\e", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202e", run.Output, StringComparison.Ordinal);
        Assert.Contains("102 events are of further applications or hosts and not shown", run.Output, StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, object> Of(int minute, string host, string action, params (string, object)[] more) =>
        Some.Event(minute, action, "alice", "203.0.113.7", "words",
            [("service.name", "shop"), ("service.version", "1.2"), ("service.environment", "Production"), ("host.name", host), .. more]);

    private static IReadOnlyDictionary<string, object> Coverage(int minute, string host, string missing) => Of(
        minute, host, "audit_coverage",
        ("security_audit.coverage.captured", new[] { "sessions", "denials" }),
        ("security_audit.coverage.missing", new[] { "identity" }),
        ("security_audit.coverage.parts.missing", new[] { missing }),
        ("security_audit.coverage.accepted", new[] { "form:POST /webhook: signed by the sender" }),
        ("security_audit.coverage.accepted_unmatched", new[] { "form:POST /webhok" }),
        ("security_audit.coverage.retention", "30.00:00:00"),
        ("security_audit.coverage.sinks", new[] { "shipping to Elasticsearch", "WriteTo 1" }),
        ("security_audit.coverage.remedies", new[] { $"{missing}: record it" }));
}
