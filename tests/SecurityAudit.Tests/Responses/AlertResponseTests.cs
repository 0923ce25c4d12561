using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Responses;

namespace SecurityAudit.Tests.Responses;

/// <summary>The application's own answer to an alert.</summary>
public sealed class AlertResponseTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task TheApplicationsOwnResponseHearsOfEachAlertOnceAndThatIsRecorded()
    {
        var pager = new Pager();
        await using var app = await Start(pager);
        await app.Attack();

        var completed = await app.Event("response_hook_completed");
        var alert = await app.Event("alert_brute_force");
        var context = Assert.Single(pager.Heard);
        Assert.Equal(
            (alert.Text("security_audit.alert.id"), "brute_force", RespondingApp.Attacker, "ann", "id-ann", EventSeverity.High, alert.Text("message")),
            (context.Id, context.RuleId, context.Subject["source.ip"], context.Subject["user.name"], context.Subject["user.id"], context.Severity, context.Sentence));
        Assert.Equal(alert.Texts("security_audit.alert.events"), context.EventIds);
        Assert.Equal((context.Id, typeof(Pager).FullName), (completed.Text("security_audit.alert.id"), completed.Text("security_audit.response.hook")));
    }

    [Fact]
    public async Task OneThatThrowsIsRecordedByTheExceptionsTypeAndTheOthersAreCalled()
    {
        var pager = new Pager();
        await using var app = await Start(new Throwing(), pager);
        await app.Attack();

        await app.Event("response_hook_completed");
        var failed = await app.Event("response_failed");
        Assert.Equal(("System.InvalidOperationException was thrown", typeof(Throwing).FullName), (failed.Text("event.reason"), failed.Text("security_audit.response.hook")));
        Assert.DoesNotContain("hunter2", failed.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("response", (await app.Event("audit_hook_failed")).Text("security_audit.hook.name"));
    }

    [Fact]
    public async Task OneThatDoesNotComeBackIsGivenUpAfterHalfAMinuteAndIsNotCalledAgainWhileItHangs()
    {
        var hanging = new Hanging();
        await using var app = await Start(hanging);
        await app.Attack();
        await app.Event("alert_brute_force"); // by which it is on the disk
        await hanging.Entered.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        _time.Advance(BoundedCalls.Patience);
        Assert.Equal("it did not end within 30 seconds", (await app.Event("response_failed")).Text("event.reason"));

        await app.Attack("203.0.113.8", "bob");
        Assert.Equal("the call before has not come back", (await app.Events("response_failed", count: 2))[1].Text("event.reason"));
        Assert.Equal(1, hanging.Calls);
        hanging.Released.Set();
    }

    [Fact]
    public async Task OneThatCannotBeMadeIsRecorded()
    {
        await using var app = await RespondingApp.Start(
            options => options.BlockSource.Enabled = false, _time,
            services: services => services.AddScoped<IAlertResponse>(_ => throw new InvalidOperationException("hunter2")));
        await app.Attack();

        Assert.StartsWith("System.InvalidOperationException was thrown when it was made", (await app.Event("response_failed")).Text("event.reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnTrialItIsNotCalled()
    {
        var pager = new Pager();
        await using var app = await RespondingApp.Start(
            options => (options.BlockSource.Enabled, options.DryRun) = (false, true), _time, services: services => services.AddSingleton<IAlertResponse>(pager));
        await app.Attack();

        Assert.Equal("hook", (await app.Event("response_dry_run")).Text("security_audit.response.kind"));
        Assert.Empty(pager.Heard);
    }

    [Fact]
    public async Task AfterARestartNothingIsAnsweredASecondTime()
    {
        var folder = Directory.CreateTempSubdirectory("sa-respond-");
        var pager = new Pager();
        try
        {
            await using (var app = await Start(folder.FullName, pager))
            {
                await app.Attack();
                await app.Event("response_hook_completed");
            }

            await using (var app = await Start(folder.FullName, pager))
            {
                await app.Attack("203.0.113.8", "bob");
                await app.Events("response_hook_completed", count: 2);
            }

            Assert.Equal([RespondingApp.Attacker, "203.0.113.8"], pager.Heard.Select(heard => heard.Subject["source.ip"]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Task<RecordedApp> Start(params IAlertResponse[] responses) => Start(journal: null, responses);

    private Task<RecordedApp> Start(string? journal, params IAlertResponse[] responses) => RespondingApp.Start(
        options => options.BlockSource.Enabled = false, _time, journal is null ? null : Path.Combine(journal, "audit"),
        services: services =>
        {
            foreach (var response in responses)
            {
                services.AddSingleton(response);
            }
        });

    private sealed class Pager : IAlertResponse
    {
        public ConcurrentQueue<AlertNotification> Heard { get; } = new();

        public Task RespondAsync(AlertNotification alert, CancellationToken cancellationToken)
        {
            Heard.Enqueue(alert);
            return Task.CompletedTask;
        }
    }

    private sealed class Throwing : IAlertResponse
    {
        public Task RespondAsync(AlertNotification alert, CancellationToken cancellationToken) => throw new InvalidOperationException("hunter2");
    }

    /// <summary>Blocks its thread, and hears of no cancellation.</summary>
    private sealed class Hanging : IAlertResponse
    {
        private int _calls;

        public int Calls => _calls;

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim Released { get; } = new();

        public Task RespondAsync(AlertNotification alert, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            Entered.TrySetResult();
            Released.Wait(TimeSpan.FromMinutes(2), CancellationToken.None);
            return Task.CompletedTask;
        }
    }
}
