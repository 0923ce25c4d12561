using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Capture.RateLimits;
using SecurityAudit.Reconciliation;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Reconciliation;

/// <summary>
/// What the framework counts against what is recorded. That both agree in every other test of this project is looked at where each host
/// ends: <see cref="JournalEvents.Check"/>.
/// </summary>
public sealed class ReconciliationTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task WhatTheFrameworkCountedAndNobodyRecordedIsAnEventWithinTwoMinutesAndToldOnce()
    {
        var app = await Start(builder => builder.Services.AddSingleton<TimeProvider>(_time), losesRefusals: true);
        await app.Client.GetAsync(new Uri("/busy", UriKind.Relative), TestContext.Current.CancellationToken);
        await app.Client.GetAsync(new Uri("/busy", UriKind.Relative), TestContext.Current.CancellationToken);
        await EndOfRequests(app);

        _time.Advance(TimeSpan.FromMinutes(2));

        var difference = await app.Event("audit_reconciliation");
        Assert.Equal(["rate_limit: 1 counted, 0 recorded"], difference.Texts("security_audit.reconciliation.differences"));
        Assert.Equal(("failure", "73", "1"), (difference.Text("event.outcome"), difference.Text("event.severity"), difference.Text("security_audit.reconciliation.missing")));
        _time.Advance(TimeSpan.FromMinutes(5));
        await app.StopAsync();
        Assert.Single(JournalEvents.Read(app.Directory), e => e.Text("event.action") == "audit_reconciliation");
    }

    [Fact]
    public async Task WhatIsMissingWhenTheApplicationStopsIsToldThen()
    {
        var app = await Start(losesRefusals: true);
        for (var n = 0; n < 3; n++)
        {
            await app.Client.GetAsync(new Uri("/busy", UriKind.Relative), TestContext.Current.CancellationToken);
        }

        await app.StopAsync();

        var difference = Assert.Single(JournalEvents.Read(app.Directory), e => e.Text("event.action") == "audit_reconciliation");
        Assert.Contains("rate_limit: 2 counted, 0 recorded", difference.Texts("security_audit.reconciliation.differences"));
    }

    [Fact]
    public void AnEventTooManyInOneRequestHidesNoneThatIsMissingInAnother()
    {
        var differences = new Differences();
        RequestTally one = new(), other = new();
        one.Count(CountedKind.SignIn);
        other.Record(CountedKind.SignIn);

        differences.Ended(one);
        differences.Ended(other);

        Assert.Equal(["sign_in: 1 counted, 0 recorded"], differences.Settle(isLast: true).Select(difference => difference.ToString()));
        Assert.Empty(differences.Settle(isLast: true));
    }

    [Fact]
    public void WhatIsRecordedAtTheVeryEndOfARequestIsNoDifference()
    {
        var differences = new Differences();
        var late = new RequestTally();
        late.Count(CountedKind.SignInFailure);
        differences.Ended(late);

        Assert.Empty(differences.Settle(isLast: false));
        late.Record(CountedKind.SignInFailure);

        Assert.Empty(differences.Settle(isLast: false));
        Assert.Empty(differences.Settle(isLast: true));
    }

    [Fact]
    public Task UnderParallelLoadOfEveryKindBothAgree() => BothAgreeAsync(requests: 600);

    [Fact(Explicit = true), Trait("Category", "Campaign")]
    public Task InTenThousandRequestsOfEveryKindBothAgree() => BothAgreeAsync(requests: 10_000);

    private static async Task BothAgreeAsync(int requests)
    {
        var app = await Start();
        var name = await AccountAsync(app);
        using var member = app.NewClient();
        await member.GetAsync(new Uri($"/login/{name}/{IdentityHost.Password}", UriKind.Relative), TestContext.Current.CancellationToken);
        string[] paths = [$"/login/{name}/{IdentityHost.Password}", $"/login/{name}/wrong", "/login/nobody/wrong", "/managers", "/fail", "/busy", "/"];
        var statuses = new System.Collections.Concurrent.ConcurrentDictionary<HttpStatusCode, bool>();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, requests), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (n, stop) =>
            {
                // Who signs in does so anew; the others do what they do as somebody signed in, or not.
                using var client = n % paths.Length < 3 ? app.NewClient() : null;
                using var answer = await (client ?? (n % 2 == 0 ? member : app.Client)).GetAsync(new Uri(paths[n % paths.Length], UriKind.Relative), stop);
                statuses[answer.StatusCode] = true;
            });
        await app.StopAsync();

        Assert.Superset(
            new HashSet<HttpStatusCode>([HttpStatusCode.OK, HttpStatusCode.Redirect, HttpStatusCode.InternalServerError, HttpStatusCode.TooManyRequests]),
            statuses.Keys.ToHashSet());
        var actions = JournalEvents.Read(app.Directory).Select(e => e.Text("event.action")!).ToList();
        Assert.DoesNotContain("audit_reconciliation", actions);
        Assert.DoesNotContain("audit_hook_failed", actions);
        string[] kinds = ["authn_login_success", "authn_login_fail", "session_created", "authz_fail", "app_exception", "excess_rate_limit_exceeded"];
        Assert.All(kinds, kind => Assert.Contains(kind, actions));
    }

    private static Task<RecordedApp> Start(Action<WebApplicationBuilder>? build = null, bool losesRefusals = false) => RecordedApp.Start(
        web =>
        {
            web.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = context => context.Response.WriteAsync("sorry") });
            web.UseRateLimiter();
            web.UseAuthentication();
            web.UseAuthorization();
            web.MapGet("/", () => "open");
            web.MapGet("/fail", string () => throw new InvalidOperationException("on purpose"));
            web.MapGet("/busy", () => "").RequireRateLimiting("none");
            web.MapGet("/managers", () => "never").RequireAuthorization(policy => policy.RequireRole("manager"));
            web.MapGet("/account/{name}", (UserManager<ShopUser> users, string name) => users.CreateAsync(new ShopUser { UserName = name }, IdentityHost.Password));
            web.MapGet("/login/{name}/{password}", (SignInManager<ShopUser> manager, string name, string password) =>
                manager.PasswordSignInAsync(name, password, isPersistent: false, lockoutOnFailure: false));
        },
        audit =>
        {
            if (losesRefusals)
            {
                audit.Services.Remove(audit.Services.Single(service => service.ImplementationType == typeof(RateLimitMeter)));
            }
        },
        build,
        builder =>
        {
            builder.Services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1);
            builder.Services.AddIdentityCore<ShopUser>().AddUserStore<MemoryStore>().AddSignInManager();
            builder.Services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
            builder.Services.AddAuthorization();
            builder.Services.AddRateLimiter(limiter =>
            {
                limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
                limiter.AddPolicy("none", _ => RateLimitPartition.GetConcurrencyLimiter("all", _ => new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = 0 }));
                limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => context.Request.Path == "/busy"
                    ? RateLimitPartition.GetFixedWindowLimiter("busy", _ => new FixedWindowRateLimiterOptions { PermitLimit = 1, Window = TimeSpan.FromHours(1) })
                    : RateLimitPartition.GetNoLimiter("free"));
            });
        });

    /// <summary>The store is the process's: each application has its own account.</summary>
    private static async Task<string> AccountAsync(RecordedApp app)
    {
        var name = $"ann-{Guid.NewGuid():N}";
        (await app.Client.GetAsync(new Uri($"/account/{name}", UriKind.Relative), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        return name;
    }

    /// <summary>A request's end may come a moment after its answer.</summary>
    private static async Task EndOfRequests(RecordedApp app)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (app.Services.GetRequiredService<RequestTallies>().Waiting == 0)
        {
            bound.Token.ThrowIfCancellationRequested();
            await Task.Delay(5);
        }
    }
}
