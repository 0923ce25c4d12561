using System.Text.Json;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Tests;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>The tool's commands, on both real engines.</summary>
public sealed class ToolCommandTests(Engines engines)
{
    public static TheoryData<string> Both => Engines.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task AJournalIsSetUpShippedComparedAndRepairedByHand(string engine)
    {
        using var log = DiskLog.Of(2500);
        var (url, ns) = ((await engines.UrlAsync(engine)).ToString(), Some.Namespace());
        Task<ToolRun> RunAsync(string command, params string[] more) => ToolRun.PipedAsync(["elasticsearch", command, .. more, "--url", url, "--namespace", ns]);

        var setup = await RunAsync("setup");
        Assert.True(setup.ExitCode == 0, setup.Output + setup.Error);
        Assert.Contains("created", setup.Output, StringComparison.Ordinal);
        var again = await RunAsync("setup");
        Assert.True(
            again.ExitCode == 0 && !again.Output.Contains("created", StringComparison.Ordinal) && !again.Output.Contains("updated", StringComparison.Ordinal),
            again.Output);

        Assert.Equal(1, (await RunAsync("status", log.Directory)).ExitCode);
        var ship = await RunAsync("ship", log.Directory);
        Assert.True(ship.ExitCode == 0, ship.Output + ship.Error);
        var size = JournalVerifier.Verify(log.Directory).Logs[0].Size;
        Assert.Contains($"lines up to {size - 1} are settled", ship.Output, StringComparison.Ordinal);
        var status = await RunAsync("status", log.Directory);
        Assert.True(status.ExitCode == 0, status.Output + status.Error);
        Assert.Contains("waiting       0 lines", status.Output, StringComparison.Ordinal);
        var reconcile = await RunAsync("reconcile", log.Directory);
        Assert.True(reconcile.ExitCode == 0, reconcile.Output + reconcile.Error);
        Assert.Contains($"AGREES; {size} of {size} lines are stored exactly once", reconcile.Output, StringComparison.Ordinal);

        using var world = await World.CreateAsync(new Uri(url), options => options.Namespace = ns);
        await world.DeleteAsync(log.Log.Id, 1234);
        var lacking = await RunAsync("reconcile", log.Directory);
        Assert.Equal(1, lacking.ExitCode);
        Assert.Contains("missing                line 1234: not stored", lacking.Output, StringComparison.Ordinal);
        var repaired = await RunAsync("reconcile", log.Directory, "--ship-missing");
        Assert.True(repaired.ExitCode == 0, repaired.Output + repaired.Error);
    }

    [Fact]
    public async Task ADryRunPrintsTheRequestsAndSendsNone()
    {
        var url = (await engines.UrlAsync(Engines.Elasticsearch)).ToString();
        var ns = Some.Namespace();

        var run = await ToolRun.PipedAsync("elasticsearch", "setup", "--url", url, "--namespace", ns, "--dry-run", "--kibana-url", "http://127.0.0.1:1");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("PUT /_index_template/", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"typeMigrationVersion\"", run.Output, StringComparison.Ordinal);
        using var connection = new Connection.ElasticsearchConnection(Some.Options(new Uri(url)));
        Assert.Equal(404, (await connection.SendAsync(HttpMethod.Get, $"logs-securityaudit.events-{ns}/_count")).Status);
    }

    [Fact]
    public async Task ADryRunForOpenSearchPrintsDashboardsOfItsOwnKind()
    {
        var url = (await engines.UrlAsync(Engines.OpenSearch)).ToString();

        var run = await ToolRun.PipedAsync("elasticsearch", "setup", "--url", url, "--namespace", Some.Namespace(), "--dry-run", "--dashboards-url", "http://127.0.0.1:1");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("\"visState\"", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("lnsDatatable", run.Output, StringComparison.Ordinal);
    }

    /// <summary>OpenSearch refuses nothing here: with <c>ignore_malformed</c> it takes an object for a keyword.</summary>
    [Fact]
    public async Task WhatTheEngineRefusesIsListedWithItsReason()
    {
        using var log = DiskLog.Of(3, i => i == 1 ? Some.Payload(i).Replace("\"user1\"", "{\"first\":\"hidden-value\"}", StringComparison.Ordinal) : Some.Payload(i));
        var (url, ns) = ((await engines.UrlAsync(Engines.Elasticsearch)).ToString(), Some.Namespace());
        Assert.Equal(0, (await ToolRun.PipedAsync("elasticsearch", "setup", "--url", url, "--namespace", ns)).ExitCode);

        var ship = await ToolRun.PipedAsync("elasticsearch", "ship", log.Directory, "--url", url, "--namespace", ns);
        Assert.True(ship.ExitCode == 0, ship.Output + ship.Error);
        var status = await ToolRun.PipedAsync("elasticsearch", "status", log.Directory, "--json");

        using var json = JsonDocument.Parse(Assert.Single(status.Lines));
        var letter = Assert.Single(json.RootElement.GetProperty("deadLetters").EnumerateArray());
        Assert.Equal(1, status.ExitCode);
        Assert.Equal(400, letter.GetProperty("status").GetInt32());
        Assert.Contains("user.name", letter.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-value", ship.Error + status.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"dead letter   line {letter.GetProperty("sequence").GetInt64()}", (await ToolRun.PipedAsync("elasticsearch", "status", log.Directory)).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEngineThatIsNotThereIsSaidAndLosesNothing()
    {
        using var log = DiskLog.Of(3);

        var run = await ToolRun.PipedAsync("elasticsearch", "ship", log.Directory, "--url", "http://127.0.0.1:1", "--distribution", "OpenSearch", "--give-up-after", "1");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("http://127.0.0.1:1/ cannot be asked", run.Error, StringComparison.Ordinal);
        Assert.Contains("the next 'ship' goes on from there", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllFaultsOfTheOptionsAreInOneMessageWithoutTheSecrets()
    {
        using var log = DiskLog.Of(1);

        var run = await ToolRun.PipedAsync("elasticsearch", "ship", log.Directory, "--url", "elastic:9200", "--api-key", "s3cret", "--fingerprint", "12");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Url holds what is not an http or https address", run.Error, StringComparison.Ordinal);
        Assert.Contains("ApiKey is neither", run.Error, StringComparison.Ordinal);
        Assert.Contains("Fingerprint is not a SHA-256", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", run.Output + run.Error, StringComparison.Ordinal);
    }
}
