using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecurityAudit.Journal.Tests;

namespace SecurityAudit.Tool.Tests;

public sealed class AlertsTests : IDisposable
{
    private const string Secret = "0123456789abcdef-hunter2";

    private readonly TemporaryFolder _folder = new();

    private string Audit => _folder["audit"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ATestAlertGoesThroughEachConfiguredChannelAndTheExitCodeTells()
    {
        var got = new ConcurrentQueue<string>();
        await using var receiver = await Receiver(got);
        Configure(receiver.Urls.First());

        var sound = await Process($"alerts test --config {_folder.Path} | cat");

        Assert.Equal(("delivered  pager\ndelivered  chat\n", ""), (sound.Output, sound.Error));
        Assert.Equal(2, got.Count);
        using var json = JsonDocument.Parse(got.First());
        Assert.Equal("test", json.RootElement.GetProperty("type").GetString());
        Assert.StartsWith("[TEST] ", json.RootElement.GetProperty("title").GetString(), StringComparison.Ordinal);

        var one = await ToolRun.PipedAsync("alerts", "test", "--config", _folder.Path, "--channel", "pager");
        Assert.Equal((0, "delivered  pager\n"), (one.ExitCode, one.Output));

        await receiver.StopAsync();
        var failed = await ToolRun.PipedAsync("alerts", "test", "--config", _folder.Path);
        Assert.Equal(1, failed.ExitCode);
        Assert.Equal(2, failed.Lines.Length);
        Assert.All(failed.Lines, line => Assert.StartsWith("FAILED     ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", failed.Output + failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsWrongWithTheChannelsIsSaidAtOnceAndNoSecretIs()
    {
        File.WriteAllText(_folder["appsettings.json"], """
            { "SecurityAudit": { "Alerts": { "Webhooks": [ { "Url": "http://hooks.example/hunter2", "Secret": "hunter2" } ], "Email": { "Password": "hunter2" } } } }
            """);

        var run = await ToolRun.PipedAsync("alerts", "test", "--config", _folder.Path);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("SecurityAudit:Alerts:Webhooks:0:Url goes to hooks.example by http", run.Error, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:Alerts:Webhooks:0:Secret is too short", run.Error, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:Alerts:Email:Host is missing", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAChannelThereIsNothingToTestWhichIsSaid()
    {
        File.WriteAllText(_folder["appsettings.json"], "{}");

        var none = await ToolRun.PipedAsync("alerts", "test", "--config", _folder.Path);
        var missing = await ToolRun.PipedAsync("alerts", "test", "--config", _folder["elsewhere"]);

        Assert.Equal((2, 2), (none.ExitCode, missing.ExitCode));
        Assert.Contains("The configuration names no channel", none.Error, StringComparison.Ordinal);
        Assert.Contains("expected the application's configuration", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheListShowsWhatWasDeliveredWhereAndWhatWaits()
    {
        var pager = new Channel("pager");
        var dead = new Channel("dead", new AlertDeliveryException("mail.example could not be reached."));
        await using (var app = await Application(pager, dead))
        {
            app.Services.GetRequiredService<ISecurityAudit>().Record(Alert("Somebody tries \u001b[31mpasswords."));
            Eventually.True(() => !pager.Delivered.IsEmpty && dead.Attempts > 0, "a delivery and an attempt");
            await app.StopAsync(TestContext.Current.CancellationToken); // what became of them is noted
        }

        var run = await Process($"alerts list {Audit} | cat; $tool alerts list {Audit} > /dev/null; echo $?");

        Assert.Equal("", run.Error);
        Assert.Equal(4, run.Lines.Length);
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ  High      raised    brute_force  Somebody tries \\u001B\[31mpasswords\.$", run.Lines[0]);
        Assert.Matches(@"^    dead +waiting: mail\.example could not be reached\.$", run.Lines[1]);
        Assert.Matches(@"^    pager +delivered \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$", run.Lines[2]);
        Assert.Equal("1", run.Lines[3]);
    }

    [Fact]
    public async Task AProgramGetsTheListAsJsonLines()
    {
        await using (var app = await Application())
        {
            app.Services.GetRequiredService<ISecurityAudit>().Record(Alert("the first"));
            app.Services.GetRequiredService<ISecurityAudit>().Record(Alert("the second"));
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        var run = await ToolRun.PipedAsync("alerts", "list", Audit, "--json", "--last", "1");

        Assert.Equal(0, run.ExitCode);
        using var json = JsonDocument.Parse(Assert.Single(run.Lines));
        Assert.Equal(["the second", "raised", "high"], new[] { "sentence", "state", "severity" }.Select(member => json.RootElement.GetProperty(member).GetString()));
        Assert.Empty(json.RootElement.GetProperty("channels").EnumerateArray());
    }

    private static SecurityEvent Alert(string sentence) =>
        new SecurityEvent("alert_brute_force", ["intrusion_detection"], ["info"]) { Kind = "alert", Severity = EventSeverity.High, Message = sentence }
            .With("rule.id", "brute_force");

    private void Configure(string url) => File.WriteAllText(_folder["appsettings.json"], JsonSerializer.Serialize(new
    {
        SecurityAudit = new
        {
            Alerts = new
            {
                Webhooks = new object[]
                {
                    new { Name = "pager", Url = url + "/hunter2", Secret, AllowPrivateAddresses = true, AllowPlainHttp = true },
                    new { Name = "chat", Url = url + "/hunter2", Shape = "Slack", AllowPrivateAddresses = true, AllowPlainHttp = true },
                },
            },
        },
    }));

    private async Task<WebApplication> Application(params IAlertSink[] sinks)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.Path });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddSecurityAudit(audit => Array.ForEach(sinks, sink => audit.AlertTo(sink)));
        var app = builder.Build();
        await app.StartAsync();
        return app;
    }

    private static async Task<WebApplication> Receiver(ConcurrentQueue<string> got)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapFallback(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            got.Enqueue(await reader.ReadToEndAsync(context.RequestAborted));
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>The tool as a process; <c>$tool</c> is the tool.</summary>
    private static async Task<ToolRun> Process(string line)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Takes a POSIX shell.");
        var program = Path.Combine(AppContext.BaseDirectory, "security-audit");
        using var shell = DriverProcess.StartProgram("/bin/sh", "-c", $"tool='{program}'; $tool {line}");
        var output = await shell.Process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        return new ToolRun(await shell.ExitCodeAsync(), output, await shell.ErrorsAsync());
    }

    private sealed class Channel(string name, Exception? failure = null) : IAlertSink
    {
        private int _attempts;

        public string Name => name;

        public int Attempts => Volatile.Read(ref _attempts);

        public ConcurrentQueue<AlertDelivery> Delivered { get; } = new();

        public Task DeliverAsync(AlertDelivery delivery, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _attempts);
            if (failure is not null)
            {
                throw failure;
            }

            Delivered.Enqueue(delivery);
            return Task.CompletedTask;
        }
    }
}
