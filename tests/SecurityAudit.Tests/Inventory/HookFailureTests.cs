using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Capture;
using SecurityAudit.Capture.Identity;
using SecurityAudit.Capture.RateLimits;
using SecurityAudit.Hosting;

namespace SecurityAudit.Tests.Inventory;

public sealed class HookFailureTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task AHookThatFailsIsAnEventAndTheApplicationGoesOn()
    {
        await using var app = await Start();

        Assert.Equal("well", await app.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));

        var failed = await app.Event("audit_hook_failed");
        Assert.Equal(("Failing", "1"), (failed.Text("security_audit.hook.name"), failed.Text("security_audit.hook.failures")));
        Assert.Equal(("failure", "73"), (failed.Text("event.outcome"), failed.Text("event.severity")));
        Assert.Equal("System.InvalidOperationException", failed.Text("error.type"));
        Assert.DoesNotContain("hunter2", failed.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHookThatFailsManyTimesIsOneEventAMinuteWithACount()
    {
        await using var app = await Start();
        Fail(app, 5);
        Assert.Equal("1", (await app.Event("audit_hook_failed")).Text("security_audit.hook.failures"));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("4", (await app.Events("audit_hook_failed", count: 2))[1].Text("security_audit.hook.failures"));

        // A minute without: the next one is told at once.
        _time.Advance(TimeSpan.FromMinutes(1));
        Fail(app, 1);
        Assert.Equal("1", (await app.Events("audit_hook_failed", count: 3))[2].Text("security_audit.hook.failures"));
    }

    [Fact]
    public async Task WhatIsCountedWhenTheApplicationStopsIsRecorded()
    {
        await using var app = await Start();
        Fail(app, 3);

        await app.StopAsync();

        var events = JournalEvents.Read(app.Directory);
        Assert.Equal(
            ["1", "2"], events.Where(e => e.Text("event.action") == "audit_hook_failed").Select(e => e.Text("security_audit.hook.failures")));
        Assert.Equal("sys_shutdown", events[^1].Text("event.action"));
    }

    [Fact]
    public async Task AHookThatFailedIsInTheHealthCheckForAQuarterOfAnHour()
    {
        await using var app = await Start();
        Assert.Equal(HealthStatus.Healthy, (await CoverageTests.HealthOf(app)).Status);

        await app.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        await app.Event("audit_hook_failed");
        var health = await CoverageTests.HealthOf(app);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("Failing", health.Description, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(HealthStatus.Healthy, (await CoverageTests.HealthOf(app)).Status);
    }

    [Fact]
    public async Task APartOfAHookHasTheHooksName()
    {
        await using var app = await RecordedApp.Start(_ => { });

        var failures = app.Services.GetRequiredService<HookFailures>();
        Assert.Equal("identity", failures.NameOf(app.Services.GetServices<IMeterObserver>().OfType<IdentityMeter>().Single()));
        Assert.Equal("rate_limits", failures.NameOf(app.Services.GetServices<IMeterObserver>().OfType<RateLimitMeter>().Single()));
        Assert.All(app.Services.GetServices<IRequestConclusion>(), part => Assert.Contains(CaptureHooks.All, hook => hook.Name == failures.NameOf(part)));
    }

    private Task<RecordedApp> Start() => RecordedApp.Start(
        web => web.MapGet("/", () => "well"),
        audit => audit.SignInsAreReported(),
        build: builder => builder.Services.AddSingleton<TimeProvider>(_time).AddSingleton<IRequestConclusion, Failing>());

    private static void Fail(RecordedApp app, int times)
    {
        for (var n = 0; n < times; n++)
        {
            app.Services.GetRequiredService<HookFailures>().Failed("Failing", new InvalidOperationException("hunter2"));
        }
    }

    private sealed class Failing : IRequestConclusion
    {
        public void Conclude(HttpContext context) => throw new InvalidOperationException("hunter2");

        public void Threw(HttpContext context, Exception exception)
        {
        }
    }
}
