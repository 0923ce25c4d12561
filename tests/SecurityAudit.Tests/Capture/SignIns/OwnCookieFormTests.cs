using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Capture.SignIns;

/// <summary>The form of many samples: it checks a password by itself, shows itself again, and signs in with a cookie.</summary>
public sealed class OwnCookieFormTests
{
    private static Task<RecordedApp> Start(int refusal, string login = "/login", Action<SecurityAuditBuilder>? audit = null) => RecordedApp.Start(
        web =>
        {
            web.MapPost("/login", async (HttpContext context) =>
            {
                var form = await context.Request.ReadFormAsync();
                if (form["Input.Password"] == "right")
                {
                    await context.SignInAsync(Some.Principal(form["Input.Email"]!));
                    context.Response.Redirect("/");
                }
                else if (refusal == StatusCodes.Status302Found)
                {
                    context.Response.Redirect("/login?error=1");
                }
                else
                {
                    context.Response.StatusCode = refusal;
                }
            });
            web.MapPost("/order", () => Results.Ok());
            web.MapPost("/start", (HttpContext context) => context.Response.Redirect("/login/password"));
        },
        audit,
        buildAfter: builder => builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie => cookie.LoginPath = login));

    private static Task<HttpResponseMessage> Login(RecordedApp app, string password) => app.NewClient().PostAsync("/login", new FormUrlEncodedContent(
        new Dictionary<string, string> { ["Input.Email"] = "ann@shop.example", ["Input.Password"] = password }));

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(401)]
    public async Task AFormThatSignsNobodyInIsAnInferredFailureWhateverItAnswers(int refusal)
    {
        await using var app = await Start(refusal);

        Assert.Equal(refusal, (int)(await Login(app, "wrong")).StatusCode);

        var failed = await app.Event("authn_login_fail");
        Assert.Equal(("inferred", "nobody was signed in where people sign in"), (failed.Text("security_audit.authn.evidence"), failed.Text("event.reason")));
        Assert.NotNull(failed.Text("user.hash"));
        Assert.DoesNotContain("ann@shop", failed.GetRawText(), StringComparison.OrdinalIgnoreCase);
        await app.Audit.RecordAsync(Some.Event("after"));
        Assert.Empty(await app.Events("authz_fail"));
    }

    [Fact]
    public async Task AFormIsKnownByTheSignInsThatItMade()
    {
        await using var app = await Start(StatusCodes.Status200OK, login: "/elsewhere");

        await Login(app, "wrong");
        await Login(app, "right");
        await app.Event("session_created");
        await Login(app, "wrong");

        await app.Event("authn_login_fail");
    }

    [Fact]
    public async Task ASignInAndAnotherFormAreNoFailures()
    {
        await using var app = await Start(StatusCodes.Status200OK);

        await Login(app, "right");
        await app.Client.PostAsync("/order", null);
        await app.Client.PostAsync("/start", null);
        await app.Client.GetAsync("/login");

        await app.Audit.RecordAsync(Some.Event("after"));
        Assert.Empty(await app.Events("authn_login_fail"));
    }

    [Fact]
    public async Task SomebodyWhoIsSignedInAlreadyIsNotInferredToHaveFailed()
    {
        await using var app = await Start(StatusCodes.Status200OK);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["Input.Email"] = "ann", ["Input.Password"] = "right" });
        await app.Client.PostAsync("/login", form);

        await app.Client.PostAsync("/login", null);

        await app.Audit.RecordAsync(Some.Event("after"));
        Assert.Empty(await app.Events("authn_login_fail"));
    }

    [Fact]
    public async Task AnApplicationThatSignsInByItselfIsNotCoveredUntilItSaysThatItReports()
    {
        await using var silent = await Start(StatusCodes.Status200OK);
        await using var reporting = await Start(StatusCodes.Status200OK, audit: audit => audit.SignInsAreReported());

        Assert.Equal("not covered: sign_in", (await silent.Event("audit_coverage")).Text("event.reason"));
        var covered = await reporting.Event("audit_coverage");
        Assert.Contains("sign_in", covered.Texts("security_audit.coverage.captured"));
        Assert.Empty(covered.Texts("security_audit.coverage.missing"));
    }
}
