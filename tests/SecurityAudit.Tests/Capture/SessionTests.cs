using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace SecurityAudit.Tests.Capture;

public sealed class SessionTests
{
    private static void Map(WebApplication app)
    {
        app.MapGet("/login", () => TypedResults.SignIn(Some.Principal("ann", "buyer")));
        app.MapGet("/refresh", async (HttpContext context) =>
        {
            var ticket = await context.AuthenticateAsync();
            await context.SignInAsync(ticket.Principal!, ticket.Properties!);
        });
        app.MapGet("/step", (HttpContext context) => context.SignInAsync("Identity.External", Some.Principal()));
        app.MapGet("/logout", (HttpContext context) => context.SignOutAsync());
        app.MapGet("/", (HttpContext context) => context.User.Identity!.Name ?? "nobody");
    }

    [Fact]
    public async Task ASessionThatIsIssuedIsRecordedAndItsEventsCarryTheSameKeyedHash()
    {
        await using var app = await RecordedApp.Start(Map);

        await app.Client.GetAsync("/login");
        await app.Client.GetAsync("/logout");

        var created = await app.Event("session_created");
        var ended = await app.Event("session_logout");
        Assert.Equal("ann", created.Text("user.name"));
        Assert.Equal(["buyer"], created.Texts("user.roles"));
        Assert.Equal("Cookies", created.Text("security_audit.authn.scheme"));
        Assert.Matches("^k[0-9a-f]{8}:[0-9a-f]{32}$", created.Text("session.id"));
        Assert.Equal(created.Text("session.id"), ended.Text("session.id"));
        Assert.Equal("ann", ended.Text("user.name"));
    }

    [Fact]
    public async Task ASessionThatIsRefreshedIsRenewedNotCreated()
    {
        await using var app = await RecordedApp.Start(Map);

        await app.Client.GetAsync("/login");
        await app.Client.GetAsync("/refresh");

        var created = await app.Event("session_created");
        var renewed = await app.Event("session_renewed");
        Assert.Equal(created.Text("session.id"), renewed.Text("session.id"));
    }

    [Fact]
    public async Task ACookieThatCarriesAStepOfASignInIsNoSession()
    {
        await using var app = await RecordedApp.Start(Map, buildAfter: builder =>
            builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie()
                .AddCookie("Identity.External"));

        await app.Client.GetAsync("/step");

        await app.Audit.RecordAsync(Some.Event("after"));
        Assert.Empty(await app.Events("session_created"));
    }

    [Fact]
    public async Task ATamperedCookieIsRecordedThoughThePageAnswers200()
    {
        await using var app = await RecordedApp.Start(Map);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", ".AspNetCore.Cookies=CfDJ8forged");

        var answer = await app.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var invalid = await app.Event("authn_credential_invalid");
        Assert.Equal("Cookies", invalid.Text("security_audit.authn.scheme"));
        Assert.Equal("the credential could not be decrypted: altered, or made with another key", invalid.Text("event.reason"));
        Assert.DoesNotContain("forged", invalid.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASessionWhosePrincipalIsRejectedIsRevokedNotSignedOut()
    {
        var reject = false;
        await using var app = await RecordedApp.Start(Map, buildAfter: builder =>
            builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
                cookie.Events.OnValidatePrincipal = async context =>
                {
                    if (reject)
                    {
                        // What Identity's security stamp validator does.
                        context.RejectPrincipal();
                        await context.HttpContext.SignOutAsync();
                    }
                }));
        await app.Client.GetAsync("/login");

        reject = true;
        await app.Client.GetAsync("/");

        Assert.Equal("revoked", (await app.Event("session_expired")).Text("event.reason"));
        Assert.Empty(await app.Events("session_logout"));
    }

    [Fact]
    public async Task ASessionThatCannotBeIssuedIsRecordedAsFailed()
    {
        await using var app = await RecordedApp.Start(
            web => web.MapGet("/login", (HttpContext context) => context.SignInAsync("Nonsense", Some.Principal())));

        await app.Client.GetAsync("/login");

        var events = await app.Events("session_created", count: 2);
        Assert.Equal(["success", "failure"], events.Select(e => e.Text("event.outcome")));
    }

    [Fact]
    public async Task ASessionWhoseTimeIsOverIsExpiredAndNoForgery()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await RecordedApp.Start(Map, buildAfter: builder =>
            builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
                .AddCookie(cookie => cookie.TimeProvider = time));
        await app.Client.GetAsync("/login");

        time.Advance(TimeSpan.FromDays(15));
        await app.Client.GetAsync("/");

        Assert.Equal("expired", (await app.Event("session_expired")).Text("event.reason"));
        Assert.Empty(await app.Events("authn_credential_invalid"));
    }

    [Fact]
    public async Task AGenuineCookieThatTheApplicationRejectsIsNoForgery()
    {
        var reject = false;
        await using var app = await RecordedApp.Start(Map, buildAfter: builder =>
            builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
                cookie.Events.OnValidatePrincipal = context =>
                {
                    if (reject)
                    {
                        context.RejectPrincipal();
                    }

                    return Task.CompletedTask;
                }));
        await app.Client.GetAsync("/login");

        reject = true;
        await app.Client.GetAsync("/");

        Assert.Equal("no longer accepted", (await app.Event("session_expired")).Text("event.reason"));
        Assert.Empty(await app.Events("authn_credential_invalid"));
    }

    [Fact]
    public async Task AFormatOfTheApplicationsOwnIsKeptAndSeen()
    {
        await using var app = await RecordedApp.Start(Map, buildAfter: builder =>
            builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
                .AddCookie(cookie => cookie.TicketDataFormat = new NothingFormat()));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", ".AspNetCore.Cookies=anything");

        await app.Client.SendAsync(request);

        Assert.Equal(
            "the credential could not be decrypted: altered, or made with another key",
            (await app.Event("authn_credential_invalid")).Text("event.reason"));
    }

    private sealed class NothingFormat : ISecureDataFormat<AuthenticationTicket>
    {
        public string Protect(AuthenticationTicket data) => string.Empty;

        public string Protect(AuthenticationTicket data, string? purpose) => string.Empty;

        public AuthenticationTicket? Unprotect(string? protectedText) => null;

        public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => null;
    }
}
