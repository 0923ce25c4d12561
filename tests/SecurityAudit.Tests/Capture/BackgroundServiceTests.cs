using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SecurityAudit.Tests.Capture;

/// <summary>Background services of a real host that end by an exception.</summary>
public sealed class BackgroundServiceTests
{
    [Theory]
    [InlineData(false, "System.InvalidOperationException")]
    [InlineData(true, "System.Threading.Tasks.TaskCanceledException")]
    public async Task ABackgroundServiceWhoseExceptionStopsTheHostIsACrash(bool timeLimit, string type)
    {
        var work = new Work(timeLimit ? () => new TaskCanceledException("the time limit of a call") : () => new InvalidOperationException("hunter2".ToString()));
        await using var app = await Start(work, BackgroundServiceExceptionBehavior.StopHost);

        work.Go.SetResult();
        await StoppingAsync(app);
        await app.StopAsync();

        var events = JournalEvents.Read(app.Directory);
        var crash = Assert.Single(events, e => e.Text("event.action") == "sys_crash");
        Assert.Equal(("failure", type), (crash.Text("event.outcome"), crash.Text("error.type")));
        Assert.Equal($"The application crashed: the background service Work ended by {type}.", crash.Text("message"));
        Assert.Matches("^[0-9a-f]{32}$", crash.Text("security_audit.error.stack_hash"));
        Assert.DoesNotContain(events, e => e.Text("event.action") == "app_exception");
        Assert.True(events.FindIndex(e => e.Text("event.action") == "sys_crash") < events.FindIndex(e => e.Text("event.action") == "sys_shutdown"));
    }

    [Fact]
    public async Task AnExceptionOfABackgroundServiceThatTheHostSurvivesIsRecordedOnce()
    {
        var work = new Work(() => new InvalidOperationException());
        await using var app = await Start(work, BackgroundServiceExceptionBehavior.Ignore);

        work.Go.SetResult();
        Assert.Equal("System.InvalidOperationException", (await app.Event("app_exception")).Text("error.type"));
        await app.StopAsync();

        var actions = JournalEvents.Read(app.Directory).ConvertAll(e => e.Text("event.action"));
        Assert.Single(actions, "app_exception");
        Assert.DoesNotContain("sys_crash", actions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ABackgroundServiceThatTheStopEndsIsNoCrash(bool byLifetime)
    {
        var work = new Work(() => new InvalidOperationException()) { EndsByLifetime = byLifetime };
        await using var app = await Start(work, BackgroundServiceExceptionBehavior.StopHost);

        await app.StopAsync();

        var actions = JournalEvents.Read(app.Directory).ConvertAll(e => e.Text("event.action"));
        Assert.Equal(["sys_startup", "audit_coverage", "sys_shutdown"], actions);
    }

    private static Task<RecordedApp> Start(Work work, BackgroundServiceExceptionBehavior behavior) => RecordedApp.Start(
        _ => { },
        buildAfter: builder =>
        {
            builder.Services.Configure<HostOptions>(host => host.BackgroundServiceExceptionBehavior = behavior);
            builder.Services.AddHostedService(provider =>
            {
                work.Lifetime = provider.GetRequiredService<IHostApplicationLifetime>();
                return work;
            });
        });

    private static async Task StoppingAsync(RecordedApp app)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    private sealed class Work(Func<Exception> failure) : BackgroundService
    {
        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IHostApplicationLifetime? Lifetime { get; set; }

        public bool EndsByLifetime { get; init; }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Go.Task.WaitAsync(EndsByLifetime ? Lifetime!.ApplicationStopping : stoppingToken);
            throw failure();
        }
    }
}
