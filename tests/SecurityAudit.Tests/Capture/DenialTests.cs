using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

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
        app.MapGet("/document", async (HttpContext context, IAuthorizationService authorization) =>
            (await authorization.AuthorizeAsync(context.User, new object(), "Menu")).Succeeded ? Results.Ok() : Results.Forbid());
        MapMenu(app, "/menu-then-403", Results.StatusCode(403), "Menu");
        MapMenu(app, "/menu-then-401", Results.StatusCode(401), "Menu");
        MapMenu(app, "/menus-then-forbid", Results.Forbid(), "Menu", "Managers");
        MapMenu(app, "/menu-gone-past-then-forbid", Results.Forbid(), "Menu", "Named");
        MapMenu(app, "/challenge", Results.Challenge());
        app.MapGet("/passed-then-403", () => Results.StatusCode(403)).RequireAuthorization("Named");
        app.Use(async (context, next) =>
        {
            if (context.Request.Path == "/menu-then-managers")
            {
                await context.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(context.User, "Menu");
            }

            await next(context);
        });
        app.UseAuthorization();
        app.MapGet("/menu-then-managers", () => "").RequireAuthorization("Managers");
    }

    private static void MapMenu(WebApplication app, string path, IResult answer, params string[] policies) =>
        app.MapGet(path, async (HttpContext context, IAuthorizationService authorization) =>
        {
            foreach (var policy in policies)
            {
                await authorization.AuthorizeAsync(context.User, policy);
            }

            return answer;
        });

    private sealed class BareAnswer(int status) : IAuthorizationMiddlewareResultHandler
    {
        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            context.Response.StatusCode = status;
            return authorizeResult.Succeeded ? next(context) : context.Response.WriteAsync("no");
        }
    }

    private sealed class OwnEvaluator(IAuthorizationService authorization) : PolicyEvaluator(authorization);

    private sealed class AlwaysAnn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(Some.Principal("ann"), "Ann")));
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
        Assert.Equal("the evaluation before it failed: needs the claim menu", denied.Text("event.reason"));
    }

    [Fact]
    public async Task ADenialThatCodeDecidedAboutAResourceIsRecordedWithItsRequirement()
    {
        await using var app = await RecordedApp.Start(Map);
        await app.Client.GetAsync("/login?name=ann");

        await app.Client.GetAsync("/document");

        Assert.Equal(("Menu", "needs the claim menu"), PolicyAndReason(await app.Event("authz_fail")));
    }

    [Theory]
    [InlineData("/menu-then-403", null, "the application answered 403")]
    [InlineData("/menu-then-401", null, "the application answered 401")]
    [InlineData("/menus-then-forbid", null, "the application forbade it")]
    [InlineData("/menu-gone-past-then-forbid", null, "the application forbade it")]
    [InlineData("/challenge", null, "the application asked for a sign-in")]
    [InlineData("/menu-then-managers", "Managers", "needs the role manager")]
    [InlineData("/passed-then-403", null, "the application answered 403")]
    public async Task APolicyThatWasEvaluatedForAMenuIsNotTheReasonOfADenial(string path, string? policy, string reason)
    {
        await using var app = await RecordedApp.Start(Map);
        await app.Client.GetAsync("/login?name=ann");

        await app.Client.GetAsync(path);

        Assert.Equal((policy, reason), PolicyAndReason(await app.Event("authz_fail")));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task ADenialThatAHandlerOfTheApplicationsOwnAnswersIsRecordedWithItsRequirement(int status)
    {
        await using var app = await RecordedApp.Start(
            Map,
            buildAfter: builder =>
            {
                RecordedApp.AddCookies(builder);
                builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler>(new BareAnswer(status));
            });
        await app.Client.GetAsync("/login?name=ann");

        await app.Client.GetAsync("/managers");

        var denied = await app.Event("authz_fail");
        Assert.Equal(("Managers", "needs the role manager"), PolicyAndReason(denied));
        Assert.Equal($"{status}", denied.Text("http.response.status_code"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ADenialByAnMvcFilterIsRecordedWithItsPolicyAndRequirement(bool ownEvaluator)
    {
        await using var app = await RecordedApp.Start(
            web => web.MapControllers(),
            build: builder =>
            {
                if (ownEvaluator)
                {
                    builder.Services.AddTransient<IPolicyEvaluator, OwnEvaluator>();
                }

                builder.Services.AddControllers(mvc => mvc.Filters.Add(new AuthorizeFilter("Managers")))
                    .AddApplicationPart(typeof(DenialTests).Assembly);
            },
            buildAfter: builder =>
            {
                RecordedApp.AddCookies(builder);
                builder.Services.Configure<AuthenticationOptions>(options => options.DefaultAuthenticateScheme = "Ann");
                builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, AlwaysAnn>("Ann", null);
            });

        await app.Client.PostAsync("/invoices/42/approve?note=fine", null);

        Assert.Equal(("Managers", "needs the role manager"), PolicyAndReason(await app.Event("authz_fail")));
    }

    [Fact]
    public async Task ASignInThatIsAskedForIsNeitherAFailureNorCritical()
    {
        await using var app = await RecordedApp.Start(Map);

        await app.Client.GetAsync("/members");

        var asked = await app.Event("authz_fail");
        Assert.Equal(("unknown", "21", null), (asked.Text("event.outcome"), asked.Text("event.severity"), asked.Text("security_audit.owasp.level")));
        Assert.Equal("Somebody not signed in was asked to sign in for GET /members: not signed in.", asked.Text("message"));
    }

    private static (string? Policy, string? Reason) PolicyAndReason(JsonElement denied) => (denied.Text("rule.name"), denied.Text("event.reason"));

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
        await app.Event("authz_fail");
    }
}
