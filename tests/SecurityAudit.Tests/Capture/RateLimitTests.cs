using System.Diagnostics.Metrics;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests.Refusal;

namespace SecurityAudit.Tests.Capture;

public sealed class RateLimitTests
{
    private const string Action = "excess_rate_limit_exceeded";
    private const string Secret = "key-4711";

    [Theory]
    [InlineData(false, HttpStatusCode.ServiceUnavailable)]
    [InlineData(false, HttpStatusCode.TooManyRequests)]
    [InlineData(true, HttpStatusCode.Redirect)]
    public async Task ARequestThatTheRateLimiterRefusesIsRecordedOnceWithThePolicyWhetherTheApplicationAnswersItOrNot(bool answers, HttpStatusCode status)
    {
        await using var app = await Start(limits =>
        {
            limits.RejectionStatusCode = (int)status;
            if (answers)
            {
                limits.RejectionStatusCode = StatusCodes.Status200OK;
                limits.OnRejected = (rejected, _) =>
                {
                    rejected.HttpContext.Response.Redirect("/later");
                    return ValueTask.CompletedTask;
                };
            }
        });

        await app.Client.GetStringAsync("/login");
        Assert.Equal(status, (await app.Client.GetAsync($"/login?key={Secret}")).StatusCode);

        var refused = await app.Event(Action);
        Assert.Equal("login", refused.Text("rule.name"));
        Assert.Equal("refused by the endpoint's limiter", refused.Text("event.reason"));
        Assert.Equal("/login", refused.Text("url.path"));
        Assert.Equal("failure", refused.Text("event.outcome"));
        Assert.Equal("127.0.0.1", refused.Text("source.ip"));
        Assert.Equal("Somebody not signed in exceeded the rate limit login: refused by the endpoint's limiter.", refused.Text("message"));
    }

    [Fact]
    public async Task WhatThePartitionsAreMadeOfIsNotRecorded()
    {
        await using var app = await Start();
        app.Client.DefaultRequestHeaders.Add("X-Api-Key", Secret);

        await app.Client.GetStringAsync("/partitioned");
        Assert.False((await app.Client.GetAsync("/partitioned")).IsSuccessStatusCode);

        Assert.Equal("per key", (await app.Event(Action)).Text("rule.name"));
        Assert.DoesNotContain(JournalEvents.ReadAll(app.Directory), e => e.GetRawText().Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ALimiterWithoutANameIsRecordedWithoutOne()
    {
        await using var app = await Start();

        await app.Client.GetStringAsync("/unnamed");
        await app.Client.GetAsync("/unnamed");

        var refused = await app.Event(Action);
        Assert.Null(refused.Text("rule.name"));
        Assert.Equal("refused by the endpoint's limiter", refused.Text("event.reason"));
    }

    [Fact]
    public async Task WhatTheGlobalLimiterRefusesIsNotSaidOfTheEndpointsPolicy()
    {
        await using var app = await Start(RefuseAll);

        await app.Client.GetAsync("/login");

        var refused = await app.Event(Action);
        Assert.Null(refused.Text("rule.name"));
        Assert.Equal("refused by the global limiter", refused.Text("event.reason"));
    }

    [Fact]
    public async Task AnErrorPageThatIsRefusedInItsTurnIsNoSecondRefusal()
    {
        await using var app = await Start(RefuseAll, web => web.UseStatusCodePagesWithReExecute("/error"));

        await app.Client.GetAsync("/free");
        await app.Client.GetAsync("/free");

        await app.StopAsync();
        Assert.Equal(2, JournalEvents.Read(app.Directory).Count(e => e.Text("event.action") == Action));
    }

    [Fact]
    public async Task TooManyRequestsThatTheApplicationAnswersByItselfAreNotTheRateLimiters()
    {
        await using var app = await Start();

        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.Client.GetAsync("/own")).StatusCode);

        Assert.Empty(await app.Events(Action));
    }

    [Fact]
    public async Task AClientThatLeavesTheQueueIsNotRefused()
    {
        using var one = new ConcurrencyLimiter(new() { PermitLimit = 1, QueueLimit = 1 });
        using var held = one.AttemptAcquire();
        await using var app = await Start(limits => limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(
            _ => RateLimitPartition.Get("one", _ => one)));
        using var leave = new CancellationTokenSource();

        var waits = app.Client.GetAsync("/free", leave.Token);
        await Until(() => one.GetStatistics()!.CurrentQueuedCount == 1);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        await Until(() => one.GetStatistics()!.CurrentQueuedCount == 0);

        await app.StopAsync();
        Assert.DoesNotContain(JournalEvents.Read(app.Directory), e => e.Text("event.action") == Action);
    }

    [Fact]
    public async Task TenThousandRefusedAtOnceAreAllAnsweredAndEachIsOnRecordOrCounted()
    {
        const int Requests = 10_000;
        await using var app = await Start(RefuseAll);
        using var client = app.NewClient();

        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (_, stop) =>
        {
            using var answer = await client.GetAsync("/free", stop);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        });
        TestContext.Current.TestOutputHelper!.WriteLine($"{Requests} refused in {clock.ElapsedMilliseconds} ms");

        await app.StopAsync();
        var recorded = JournalEvents.Read(app.Directory).Count(e => e.Text("event.action") == Action);
        Assert.Equal(Requests, recorded + JournalEvents.Gaps(app.Directory).Sum());
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseARequestThatTheLimiterRefusesIsNotAnsweredUnrecorded()
    {
        await using var app = await Start(limits => limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests, audit: BrokenJournal.Refuse);
        await app.Client.GetStringAsync("/login");
        await BrokenJournal.Down(app.Services);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.Client.GetAsync("/login")).StatusCode);
    }

    [Fact]
    public async Task ServicesOfALimiterThatNothingUsesAreNoGap()
    {
        await using var app = await RecordedApp.Start(_ => { }, build: builder => builder.Services.AddRateLimiter());

        var coverage = await app.Event("audit_coverage");

        Assert.DoesNotContain("rate_limits", coverage.Texts("security_audit.coverage.captured"));
        Assert.DoesNotContain("rate_limits", coverage.Texts("security_audit.coverage.missing"));
    }

    [Fact]
    public async Task AMeterFactoryWhoseMetersCannotBeToldFromAnotherHostsIsAGap()
    {
        await using var app = await Start(build: services => services.AddSingleton<IMeterFactory, UnscopedMeters>());

        Assert.Contains("rate_limits", (await app.Event("audit_coverage")).Texts("security_audit.coverage.missing"));
    }

    private static void RefuseAll(RateLimiterOptions limits) => limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(
        _ => RateLimitPartition.Get("all", _ => Exhausted()));

    private static ConcurrencyLimiter Exhausted()
    {
        var limiter = new ConcurrencyLimiter(new() { PermitLimit = 1 });
        Assert.True(limiter.AttemptAcquire().IsAcquired);
        return limiter;
    }

    private static async Task Until(Func<bool> holds)
    {
        var deadline = DateTime.UtcNow.AddSeconds(10);
        while (!holds())
        {
            Assert.True(DateTime.UtcNow < deadline, "It did not come to pass within ten seconds.");
            await Task.Delay(5);
        }
    }

    private static Task<RecordedApp> Start(
        Action<RateLimiterOptions>? limit = null, Action<WebApplication>? use = null, Action<SecurityAuditBuilder>? audit = null,
        Action<IServiceCollection>? build = null) => RecordedApp.Start(
        web =>
        {
            use?.Invoke(web);
            web.UseRouting();
            web.UseRateLimiter();
            web.MapGet("/free", () => "free");
            web.MapGet("/error", () => "error");
            web.MapGet("/own", () => Results.StatusCode(StatusCodes.Status429TooManyRequests));
            web.MapGet("/login", () => "login").RequireRateLimiting("login");
            web.MapGet("/partitioned", () => "keyed").RequireRateLimiting("per key");
            web.MapGet("/unnamed", () => "unnamed").RequireRateLimiting(new OnePolicy());
        },
        audit,
        builder =>
        {
            builder.Services.AddRateLimiter(limits =>
            {
                limits.AddFixedWindowLimiter("login", one => (one.PermitLimit, one.Window) = (1, TimeSpan.FromHours(1)));
                limits.AddPolicy("per key", request => RateLimitPartition.GetFixedWindowLimiter(
                    request.Request.Headers["X-Api-Key"].ToString(), _ => OnePolicy.Once));
                limit?.Invoke(limits);
            });
            build?.Invoke(builder.Services);
        });

    private sealed class OnePolicy : IRateLimiterPolicy<string>
    {
        public static FixedWindowRateLimiterOptions Once => new() { PermitLimit = 1, Window = TimeSpan.FromHours(1) };

        public Func<OnRejectedContext, CancellationToken, ValueTask>? OnRejected => null;

        public RateLimitPartition<string> GetPartition(HttpContext httpContext) => RateLimitPartition.GetFixedWindowLimiter(Secret, _ => Once);
    }

    private sealed class UnscopedMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options.Name, options.Version);

        public void Dispose()
        {
        }
    }
}
