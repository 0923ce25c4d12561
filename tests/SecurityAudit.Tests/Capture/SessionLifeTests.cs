using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Capture.Sessions;
using SecurityAudit.Enrichment;
using SecurityAudit.Tests.Recording;

namespace SecurityAudit.Tests.Capture;

/// <summary>What becomes of a session after it was issued: a copy of its cookie, used when it has ended, or from elsewhere.</summary>
public sealed class SessionLifeTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private bool _reject;

    private Task<RecordedApp> Start(Action<CookieAuthenticationOptions>? cookies = null) => RecordedApp.Start(
        web =>
        {
            web.Use((context, next) =>
            {
                // As the headers of a proxy are read: within the pipeline.
                context.Connection.RemoteIpAddress = context.Request.Headers["X-From"].ToString() switch
                {
                    "" => IPAddress.Loopback,
                    "socket" => null,
                    var from => IPAddress.Parse(from),
                };
                return next(context);
            });
            web.MapGet("/login", () => TypedResults.SignIn(Some.Principal("ann", "buyer")));
            web.MapGet("/logout", async (HttpContext context) =>
            {
                await context.SignOutAsync();
                return (await context.AuthenticateAsync()).Succeeded;
            });
            web.MapGet("/again", async (HttpContext context) =>
            {
                var ticket = (await context.AuthenticateAsync()).Ticket!;
                await context.SignOutAsync();
                await context.SignInAsync(ticket.Principal, ticket.Properties);
            });
            web.MapGet("/", (HttpContext context) => context.User.Identity!.Name ?? "nobody");
            web.MapGet("/fail", string () => throw new InvalidOperationException());
        },
        build: builder => builder.Services.AddSingleton<TimeProvider>(_time),
        buildAfter: builder => builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Events.OnValidatePrincipal = async context =>
            {
                if (_reject)
                {
                    context.RejectPrincipal();
                    await context.HttpContext.SignOutAsync();
                }
            };
            cookies?.Invoke(cookie);
        }));

    private static async Task<string> SignIn(RecordedApp app) =>
        (await app.Client.GetAsync("/login", TestContext.Current.CancellationToken)).Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    /// <summary>Somebody with a copy of the cookie.</summary>
    private static async Task<HttpStatusCode> Get(RecordedApp app, string cookie, string path = "/", string from = "127.0.0.1", string agent = "browser/1.0")
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler) { BaseAddress = app.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("X-From", from);
        request.Headers.Add("User-Agent", agent);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static IEnumerable<JsonElement> Stopped(RecordedApp app, string action) => JournalEvents.Read(app.Directory).Where(e => e.Text("event.action") == action);

    [Fact]
    public async Task ASessionThatIsUsedAfterItsSignOutIsRecordedOnceInAWhileFromEachSource()
    {
        await using var app = await Start();
        var cookie = await SignIn(app);
        await Get(app, cookie, "/logout");
        _time.Advance(TimeSpan.FromSeconds(42));

        await Get(app, cookie, from: "192.0.2.66");
        await Get(app, cookie, from: "192.0.2.66");
        await Get(app, cookie, "/fail", from: "192.0.2.67");

        var used = await app.Events("session_use_after_expire", count: 2);
        Assert.Equal(("ann", "signed out 42 s before", "73"), (used[0].Text("user.name"), used[0].Text("event.reason"), used[0].Text("event.severity")));
        Assert.Equal(["192.0.2.66", "192.0.2.67"], used.Select(e => e.Text("source.ip")));
        var session = (await app.Event("session_created")).Text("session.id");
        Assert.All(used, e => Assert.Equal((session, "CRITICAL"), (e.Text("session.id"), e.Text("security_audit.owasp.level"))));
        await app.StopAsync();
        Assert.Equal("1", Stopped(app, "session_use_after_expire").Last().Text("security_audit.repeated"));
    }

    [Fact]
    public async Task ARequestThatWasUnderWayWhenItsSessionEndedIsOfLowSeverity()
    {
        await using var app = await Start();
        var cookie = await SignIn(app);
        await Get(app, cookie, "/logout");
        _time.Advance(TimeSpan.FromSeconds(1));
        await Get(app, cookie);
        _time.Advance(TimeSpan.FromSeconds(10));
        await Get(app, cookie);

        var used = await app.Events("session_use_after_expire", count: 2);
        Assert.Equal(["21", "73"], used.Select(e => e.Text("event.severity")));
        Assert.Equal("signed out 1 s before, which a request that was under way may be", used[0].Text("event.reason"));
    }

    [Fact]
    public async Task ARequestThatSignsOutOrIssuesTheSessionAnewUsesNoneThatHasEnded()
    {
        await using var app = await Start();
        await Get(app, await SignIn(app), "/logout");
        using var other = app.NewClient();
        await other.GetAsync("/login", TestContext.Current.CancellationToken);
        await other.GetAsync("/again", TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromMinutes(1));
        await other.GetAsync("/", TestContext.Current.CancellationToken);

        await app.StopAsync();
        Assert.Empty(Stopped(app, "session_use_after_expire"));
    }

    [Fact]
    public async Task ASessionThatIsUsedAfterItWasRevokedIsRecordedAsThat()
    {
        await using var app = await Start();
        var cookie = await SignIn(app);
        _reject = true;
        await Get(app, cookie);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Get(app, cookie);

        var (ended, used) = (await app.Event("session_expired"), await app.Event("session_use_after_expire"));
        Assert.Equal(("ann", "revoked"), (ended.Text("user.name"), ended.Text("event.reason")));
        Assert.Equal(("ann", "revoked 60 s before"), (used.Text("user.name"), used.Text("event.reason")));
        Assert.Equal(ended.Text("session.id"), used.Text("session.id"));
    }

    [Fact]
    public async Task ASessionThatExpiredIsNoLongerRemembered()
    {
        await using var app = await Start(cookie => (cookie.ExpireTimeSpan, cookie.SlidingExpiration) = (TimeSpan.FromMinutes(30), false));
        var cookie = await SignIn(app);
        await Get(app, cookie, "/logout");
        _time.Advance(TimeSpan.FromMinutes(31));
        await Get(app, cookie);

        Assert.Equal("expired", (await app.Event("session_expired")).Text("event.reason"));
        await app.StopAsync();
        Assert.Empty(Stopped(app, "session_use_after_expire"));
    }

    [Fact]
    public async Task ASessionThatIsUsedFromAnotherAddressOrWithAnotherProgramIsRecordedOnceForEach()
    {
        await using var app = await Start();
        var cookie = await SignIn(app); // from the loopback address, with no program's name
        await Get(app, cookie, agent: "browser/1.0");
        await Get(app, cookie, from: "192.0.2.1");
        await Get(app, cookie);
        await Get(app, cookie, from: "192.0.2.1");
        await Get(app, cookie, from: "socket");
        await Get(app, cookie, "/fail", from: "2001:db8::1", agent: "curl/8.5");
        await Get(app, cookie, from: "2001:db8::2", agent: "curl/8.5");

        await app.Events("session_source_changed", count: 3);
        await app.StopAsync();
        var changes = Stopped(app, "session_source_changed").ToList();
        Assert.Equal(["program", "address", "address and program"], changes.Select(e => e.Text("security_audit.change.kind")));
        Assert.Equal([["(none)"], ["127.0.0.1"], ["192.0.2.1", "browser/1.0"]], changes.Select(e => e.Texts("security_audit.change.before")));
        Assert.Equal([["browser/1.0"], ["192.0.2.1"], ["2001:db8::1", "curl/8.5"]], changes.Select(e => e.Texts("security_audit.change.after")));
        Assert.Equal(["47", "21", "73"], changes.Select(e => e.Text("event.severity")));
        Assert.All(changes, e => Assert.Equal("ann", e.Text("user.name")));
    }

    [Fact]
    public async Task MoreSessionsThanThereIsRoomForAreForgottenAndCounted()
    {
        await using var app = await Start();
        var (ended, sources) = (app.Services.GetRequiredService<EndedSessions>(), app.Services.GetRequiredService<SessionSources>());
        using var forgotten = new Count("security_audit.forgotten", app.Services.GetRequiredService<IMeterFactory>());
        var request = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Loopback } };

        for (var i = 0; i < EndedSessions.Most + 3; i++)
        {
            var properties = new AuthenticationProperties();
            sources.Observe(SessionTicket.Issue(properties), request);
            ended.End(properties, "signed out");
        }

        Assert.Equal(3 + EndedSessions.Most + 3 - SessionSources.Most, forgotten.Sum);
    }

    [Fact]
    public async Task ASessionThatChangesWithoutEndIsFiveEventsAndACount()
    {
        await using var app = await Start();
        var cookie = await SignIn(app);
        await Get(app, cookie);
        await app.Event("session_source_changed");
        for (var i = 0; i < 11; i++)
        {
            await Get(app, cookie, from: $"192.0.2.{i}");
        }

        await app.Events("session_source_changed", count: 5);
        await app.StopAsync();
        Assert.Equal("7", Stopped(app, "session_source_changed").Last().Text("security_audit.repeated"));
    }
}
