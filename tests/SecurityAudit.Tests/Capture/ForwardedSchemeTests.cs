using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Capture;

/// <summary>A scheme that leaves what it is asked for to another: one event a decision, under the scheme that does it.</summary>
public sealed class ForwardedSchemeTests
{
    private static Task<RecordedApp> Start(Action<AuthenticationBuilder> schemes, string byDefault = "Smart") => RecordedApp.Start(
        web =>
        {
            web.UseAuthentication();
            web.UseAuthorization();
            web.MapGet("/login", () => TypedResults.SignIn(Some.Principal("ann")));
            web.MapGet("/logout", (HttpContext context) => context.SignOutAsync());
            web.MapGet("/logout-all", () => TypedResults.SignOut(authenticationSchemes: ["Cookies", "Other"]));
            web.MapGet("/logout-other", (HttpContext context) => context.SignOutAsync("Other"));
            web.MapGet("/login-other", (HttpContext context) => context.SignInAsync("Other", Some.Principal("bob")));
            web.MapGet("/members", () => "members").RequireAuthorization();
            web.MapGet("/managers", () => "managers").RequireAuthorization(policy => policy.RequireRole("manager"));
            web.MapGet("/", () => "home");
        },
        buildAfter: builder =>
        {
            var authentication = builder.Services.AddAuthentication(byDefault).AddCookie();
            schemes(authentication);
            builder.Services.AddAuthorization();
        });

    public static TheoryData<string> Forwarders => ["selector", "default", "each", "twice"];

    private static void Forward(AuthenticationBuilder schemes, string how) => _ = how switch
    {
        "selector" => schemes.AddPolicyScheme("Smart", null, smart => smart.ForwardDefaultSelector = _ => "Cookies"),
        "default" => schemes.AddPolicyScheme("Smart", null, smart => smart.ForwardDefault = "Cookies"),
        "each" => schemes.AddCookie("Smart", smart => smart.ForwardSignIn = smart.ForwardSignOut = smart.ForwardChallenge
            = smart.ForwardForbid = smart.ForwardAuthenticate = "Cookies"),
        _ => schemes.AddPolicyScheme("Smart", null, smart => smart.ForwardDefault = "Middle")
            .AddPolicyScheme("Middle", null, middle => middle.ForwardDefault = "Cookies"),
    };

    [Theory]
    [MemberData(nameof(Forwarders))]
    public async Task ASchemeThatForwardsGivesOneEventADecisionUnderTheSchemeThatDoesIt(string how)
    {
        await using var app = await Start(schemes => Forward(schemes, how));

        await app.Client.GetAsync("/members");
        await app.Client.GetAsync("/login");
        await app.Client.GetAsync("/managers");
        await app.Client.GetAsync("/logout");

        Assert.Equal("Cookies", (await app.Event("session_created")).Text("security_audit.authn.scheme"));
        Assert.Equal("Cookies", (await app.Event("session_logout")).Text("security_audit.authn.scheme"));
        Assert.Equal(["unknown", "failure"], (await app.Events("authz_fail", count: 2)).Select(e => e.Text("event.outcome")));
    }

    [Theory]
    [MemberData(nameof(Forwarders))]
    public async Task ATamperedCookieOfASchemeThatForwardsIsOneEvent(string how)
    {
        await using var app = await Start(schemes => Forward(schemes, how));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/members");
        request.Headers.Add("Cookie", ".AspNetCore.Cookies=CfDJ8forged");

        await app.Client.SendAsync(request);

        var invalid = await app.Event("authn_credential_invalid");
        Assert.Equal("Cookies", invalid.Text("security_audit.authn.scheme"));
        Assert.Equal((int)HttpStatusCode.Redirect, invalid.GetProperty("http.response.status_code").GetInt32());
        Assert.Empty(await app.Events("authz_fail"));
    }

    [Fact]
    public async Task AHandlerThatSignsInByAnotherSchemeGivesOneEvent()
    {
        await using var app = await Start(schemes => schemes.Services.Configure<AuthenticationOptions>(options => options.AddScheme<Delegating>("Own", null)), "Own");

        await app.Client.GetAsync("/login");
        await app.Client.GetAsync("/logout");

        Assert.Equal("Own", (await app.Event("session_created")).Text("security_audit.authn.scheme"));
        await app.Event("session_logout");
    }

    [Fact]
    public async Task WhoeverLeavesSeveralSchemesAtOnceSignsOutOnce()
    {
        await using var app = await Start(schemes => schemes.AddCookie("Other"), "Cookies");

        await app.Client.GetAsync("/login");
        await app.Client.GetAsync("/logout-all");

        Assert.Equal("ann", (await app.Event("session_logout")).Text("user.name"));
    }

    [Fact]
    public async Task ASignOutOfASchemeThatIsNotTheDefaultNamesWhoseSessionItWas()
    {
        await using var app = await Start(schemes => schemes.AddCookie("Other"), "Cookies");

        await app.Client.GetAsync("/login-other");
        await app.Client.GetAsync("/logout-other");

        var ended = await app.Event("session_logout");
        Assert.Equal(("bob", "Other"), (ended.Text("user.name"), ended.Text("security_audit.authn.scheme")));
        Assert.Equal((await app.Event("session_created")).Text("session.id"), ended.Text("session.id"));
    }

    private sealed class Delegating : IAuthenticationSignInHandler
    {
        private HttpContext _context = null!;

        public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
        {
            _context = context;
            return Task.CompletedTask;
        }

        public Task<AuthenticateResult> AuthenticateAsync() => _context.AuthenticateAsync("Cookies");

        public Task ChallengeAsync(AuthenticationProperties? properties) => _context.ChallengeAsync("Cookies", properties);

        public Task ForbidAsync(AuthenticationProperties? properties) => _context.ForbidAsync("Cookies", properties);

        public Task SignInAsync(ClaimsPrincipal user, AuthenticationProperties? properties) => _context.SignInAsync("Cookies", user, properties);

        public Task SignOutAsync(AuthenticationProperties? properties) => _context.SignOutAsync("Cookies", properties);
    }
}
