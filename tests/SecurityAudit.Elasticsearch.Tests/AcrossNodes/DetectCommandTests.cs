using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Tests;

namespace SecurityAudit.Elasticsearch.Tests.AcrossNodes;

/// <summary>The command <c>detect</c>, with a journal of its own.</summary>
public sealed class DetectCommandTests(Engines engines)
{
    public static TheoryData<string> Both => Engines.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task WhatIsFoundAcrossNodesIsRecordedIntoAJournalOfItsOwnAndToldOnce(string engine)
    {
        using var folder = new TemporaryFolder();
        using var shop = await ShopOfNodes.OpenAsync(engines, engine, AttackHour.Events());
        var journal = Path.Combine(folder.Path, "detect");
        Task<ToolRun> RunAsync(params string[] more) => ToolRun.PipedAsync(
        [
            "detect", "--url", shop.World.Url.ToString(), "--namespace", shop.World.Options.Namespace, "--journal", journal, "--from", AttackHour.Begin.ToString("O"),
            "--to", AttackHour.End.ToString("O"), "--administrator-role", "Admin", "--honeytoken", "svc-backup", .. more,
        ]);

        var first = await RunAsync();
        Assert.True(first.ExitCode == 1, first.Output + first.Error);
        Assert.Contains($"password_spraying  Somebody at {AttackHour.Spread} is trying common passwords on many accounts", first.Output, StringComparison.Ordinal);
        var second = await RunAsync();
        Assert.True(second.ExitCode == 0, second.Output + second.Error);
        Assert.Empty(second.Output);

        var alerts = Lines(journal).Where(line => (string?)line["event.kind"] == "alert").ToList();
        Assert.Equal(first.Lines.Length, alerts.Count);
        Assert.All(alerts, alert => Assert.NotNull((string?)alert["security_audit.alert.advice"]));
        Assert.Equal(JournalVerdict.Consistent, JournalVerifier.Verify(journal).Verdict);
    }

    [Fact]
    public async Task TheRulesOfTheApplicationsConfigurationAreThose()
    {
        using var folder = new TemporaryFolder();
        using var shop = await ShopOfNodes.OpenAsync(engines, Engines.OpenSearch, AttackHour.Events());
        var config = Path.Combine(folder.Path, "appsettings.json");
        File.WriteAllText(config, """
            { "SecurityAudit": { "Detection": { "Rules": {
              "password_spraying": { "when": [ { "count": 25 } ] },
              "brute_force": { "enabled": false },
              "own_probe": { "name": "A probe", "description": "Somebody looks.",
                "when": [ { "type": "threshold", "events": { "event.action": "http_request_*" }, "count": 200, "within": "02:00:00" } ],
                "alert": "{count} looks.", "advice": "Look back." } } } } }
            """);

        var run = await ToolRun.PipedAsync(
            "detect", "--url", shop.World.Url.ToString(), "--namespace", shop.World.Options.Namespace, "--journal", Path.Combine(folder.Path, "detect"), "--config", config,
            "--from", AttackHour.Begin.ToString("O"), "--to", AttackHour.End.ToString("O"));

        Assert.Contains("own_probe  200 looks.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("password_spraying  Somebody at " + AttackHour.Spread, run.Output, StringComparison.Ordinal);
        Assert.Contains("password_spraying  Somebody at 203.0.113.3", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("  brute_force  ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsFoundIsDeliveredByTheChannelsOfTheConfiguration()
    {
        using var folder = new TemporaryFolder();
        using var shop = await ShopOfNodes.OpenAsync(engines, Engines.OpenSearch, AttackHour.Events());
        await using var receiver = await SecurityAudit.Tests.Alerts.Receiver.Start();
        var config = Path.Combine(folder.Path, "appsettings.json");
        File.WriteAllText(config, $$"""
            { "SecurityAudit": { "Alerts": { "DigestAbove": 100, "Webhooks": [
              { "Url": "{{receiver.Url}}", "Secret": "0123456789abcdef0123456789abcdef", "AllowPlainHttp": true, "AllowPrivateAddresses": true } ] } } }
            """);

        var run = await ToolRun.PipedAsync(
            "detect", "--url", shop.World.Url.ToString(), "--namespace", shop.World.Options.Namespace, "--journal", Path.Combine(folder.Path, "detect"), "--config", config,
            "--from", AttackHour.Begin.ToString("O"), "--to", AttackHour.End.ToString("O"));

        Assert.True(run.ExitCode == 1, run.Output + run.Error);
        var bodies = receiver.Got.Select(got => System.Text.Encoding.UTF8.GetString(got.Body)).ToList();
        Assert.Equal(run.Lines.Length, bodies.Count(body => body.Contains("\"raised\"", StringComparison.Ordinal)));
        Assert.Contains(bodies, body => body.Contains(AttackHour.Spread, StringComparison.Ordinal) && body.Contains("password_spraying", StringComparison.Ordinal));
        Assert.All(receiver.Got, got => Assert.True(got.Headers.ContainsKey("SecurityAudit-Signature")));
    }

    [Fact]
    public async Task AHoneytokensNameIsHashedByTheKeyOfTheNode()
    {
        using var folder = new TemporaryFolder();
        var key = Path.Combine(folder.Path, "pseudonym.key");
        File.WriteAllText(key, new string('a', 64) + "\n");
        var tried = new JsonObject
        {
            ["@timestamp"] = "2026-11-24T03:10:00.000Z", ["event.action"] = "authn_login_fail", ["event.kind"] = "event", ["source.ip"] = "203.0.113.12",
            ["message"] = "A sign-in failed.",
            ["user.hash"] = new SecurityAudit.Enrichment.ClaimedNames(SecurityAudit.Enrichment.Pseudonyms.OfFile(key)).HashOf("svc-backup"),
        };
        using var shop = await ShopOfNodes.OpenAsync(engines, Engines.OpenSearch, [(0, tried)]);
        Task<ToolRun> RunAsync(params string[] more) => ToolRun.PipedAsync(
        [
            "detect", "--url", shop.World.Url.ToString(), "--namespace", shop.World.Options.Namespace, "--journal", Path.Combine(folder.Path, Guid.NewGuid().ToString("n")),
            "--from", AttackHour.Begin.ToString("O"), "--to", AttackHour.End.ToString("O"), "--honeytoken", "SVC-backup", .. more,
        ]);

        var with = await RunAsync("--pseudonym-key", key);
        Assert.Contains("critical  honeytoken", with.Output, StringComparison.Ordinal);
        Assert.Equal((1, 0), (with.ExitCode, (await RunAsync()).ExitCode));
    }

    [Fact]
    public async Task AnEngineThatIsNotThereIsSaidAndWatchedForUntilItIs()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["detect", "--url", "http://127.0.0.1:1", "--distribution", "OpenSearch", "--journal", Path.Combine(folder.Path, "detect")];

        var once = await ToolRun.PipedAsync(command);
        Assert.Equal(2, once.ExitCode);
        Assert.Contains("http://127.0.0.1:1/ cannot be asked", once.Error, StringComparison.Ordinal);

        using var output = new StringWriter();
        using var error = new SignallingWriter("It is asked again.");
        using var stop = new CancellationTokenSource();
        var watching = new Tool.AuditCommandLine(new Tool.Terminals.Terminal(output, error, false, false, 160)).RunAsync([.. command, "--watch", "--interval", "1"], stop.Token);
        await error.Written.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.False(watching.IsCompleted);
        await stop.CancelAsync();
        Assert.Equal(130, await watching);
    }

    [Fact]
    public async Task AWatchTellsAnAttackThatComesLater()
    {
        using var folder = new TemporaryFolder();
        using var shop = await ShopOfNodes.OpenAsync(engines, Engines.OpenSearch, Tries(0, 6));
        using var output = new SignallingWriter("brute_force");
        using var error = new StringWriter();
        using var stop = new CancellationTokenSource();
        var watching = new Tool.AuditCommandLine(new Tool.Terminals.Terminal(output, error, false, false, 160)).RunAsync(
            [
                "detect", "--url", shop.World.Url.ToString(), "--namespace", shop.World.Options.Namespace, "--journal", Path.Combine(folder.Path, "detect"), "--watch",
                "--interval", "1", "--delay", "0",
            ], stop.Token);

        await shop.HappenAsync(Tries(6, 6));
        await output.Written.WaitAsync(TimeSpan.FromSeconds(120), TestContext.Current.CancellationToken);
        await stop.CancelAsync();

        Assert.Equal(130, await watching);
        Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));

        static IEnumerable<(int Node, JsonObject Event)> Tries(int first, int count) => Enumerable.Range(first, count).Select(n => (n % 3, new JsonObject
        {
            ["@timestamp"] = DateTimeOffset.UtcNow.AddSeconds(-1).ToString("O"), ["event.action"] = "authn_login_fail", ["event.kind"] = "event", ["source.ip"] = "203.0.113.77",
            ["user.hash"] = AttackHour.HashOf("alice"), ["message"] = "A sign-in failed.",
        }));
    }

    private static List<JsonNode> Lines(string directory)
    {
        List<JsonNode> lines = [];
        foreach (var log in JournalDirectory.Logs(directory))
        {
            using var reader = new JournalReader(log.Directory);
            while (reader.TryRead(out var line))
            {
                SecurityAudit.Tests.Fields.ListedFields.Checked(JsonElement.Parse(line.Utf8.Span));
                lines.Add(JsonNode.Parse(line.Utf8.Span)!);
            }
        }

        return lines;
    }

    /// <summary>Says when a text was written.</summary>
    private sealed class SignallingWriter(string text) : StringWriter
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Written => _written.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true)
            {
                _written.TrySetResult();
            }
        }
    }
}
