using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Capture;

public sealed class DenialTests
{
    private static void Map(WebApplication app)
    {
        app.MapGet("/login", (HttpContext context, string name) => TypedResults.SignIn(Some.Principal(name)));
        app.MapGet("/managers", () => "secret").RequireAuthorization("Managers");
        app.MapGet("/members", () => "hello").RequireAuthorization();
        app.MapGet("/bare", () => Results.StatusCode(403));
        app.MapGet("/menu", async (HttpContext context, IAuthorizationService authorization) =>
            (await authorization.AuthorizeAsync(context.User, "Menu")).Succeeded ? "with" : "without");
        app.MapGet("/imperative", async (HttpContext context, IAuthorizationService authorization) =>
            (await authorization.AuthorizeAsync(context.User, "Menu")).Succeeded ? Results.Ok() : Results.Forbid());
    }

    [Fact]
    public async Task ADeniedPageIsRecordedWithItsPolicyAndRequirementThoughTheCookieSchemeAnswers302()
    {
        await using var app = await RecordedApp.Start(Map);
        await app.Client.GetAsync("/login?name=ann");

        var answer = await app.Client.GetAsync("/managers");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var denied = await app.Event("authz_fail");
        Assert.Equal("Managers", denied.Text("rule.name"));
        Assert.Equal("needs the role manager", denied.Text("event.reason"));
        Assert.Equal("ann", denied.Text("user.name"));
        Assert.Equal("id-ann", denied.Text("user.id"));
        Assert.Equal("failure", denied.Text("event.outcome"));
        Assert.Equal("/managers", denied.Text("url.path"));
        Assert.Equal("127.0.0.1", denied.Text("source.ip"));
        Assert.Equal("302", denied.Text("http.response.status_code"));
        Assert.Equal("73", denied.Text("event.severity"));
        Assert.Equal("CRITICAL", denied.Text("security_audit.owasp.level"));
    }

    [Fact]
    public async Task AnAnonymousFirstRequestThatIsSentToTheLoginPageIsOfLowSeverity()
    {
        await using var app = await RecordedApp.Start(Map);

        await app.Client.GetAsync("/members");

        var denied = await app.Event("authz_fail");
        Assert.Equal("21", denied.Text("event.severity"));
        Assert.Equal("not signed in", denied.Text("event.reason"));
        Assert.Null(denied.Text("user.id"));
    }

    [Fact]
    public async Task AFailedEvaluationThatIsNotEnforcedIsNoDenial()
    {
        await using var app = await RecordedApp.Start(Map);
        await app.Client.GetAsync("/login?name=ann");

        Assert.Equal("without", await app.Client.GetStringAsync("/menu"));

        await app.Audit.RecordAsync(Some.Event("after"));
        Assert.Empty(await app.Events("authz_fail"));
    }

    [Fact]
    public async Task ADenialThatCodeDecidedIsRecordedWithThePolicyItAskedFor()
    {
        await using var app = await RecordedApp.Start(Map);
        await app.Client.GetAsync("/login?name=ann");

        await app.Client.GetAsync("/imperative");

        var denied = await app.Event("authz_fail");
        Assert.Equal("Menu", denied.Text("rule.name"));
        Assert.Equal("needs the claim menu", denied.Text("event.reason"));
    }

    [Fact]
    public async Task ABare403IsRecorded()
    {
        await using var app = await RecordedApp.Start(Map);

        await app.Client.GetAsync("/bare");

        var denied = await app.Event("authz_fail");
        Assert.Equal("the application answered 403", denied.Text("event.reason"));
        Assert.Equal("403", denied.Text("http.response.status_code"));
    }

    [Fact]
    public async Task ADenialIsRecordedOnceThoughSeveralSchemesAreChallenged()
    {
        await using var app = await RecordedApp.Start(
            web => web.MapGet("/two", () => "").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "One,Two" }),
            buildAfter: builder =>
            {
                builder.Services.AddAuthentication()
                    .AddCookie("One").AddCookie("Two");
            });

        await app.Client.GetAsync("/two");

        await app.Event("authz_fail");
        await app.Audit.RecordAsync(Some.Event("after"));
        Assert.Single(await app.Events("authz_fail"));
    }
}
