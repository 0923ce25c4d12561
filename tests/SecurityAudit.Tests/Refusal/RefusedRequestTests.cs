using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture;
using SecurityAudit.Capture.Activities;
using SecurityAudit.Journal;
using SecurityAudit.Refusal;

namespace SecurityAudit.Tests.Refusal;

/// <summary>What is no sign-in and no account, with the journal down and the owner's choice Refuse.</summary>
public sealed class RefusedRequestTests
{
    private int _ran;

    [Theory]
    [InlineData("/vault")]
    [InlineData("/attribute")]
    [InlineData("/quick")]
    [InlineData("/vault/open")]
    public async Task WhereTheOwnerChoseRefuseAnAuditedEndpointDoesNotRunWhileTheJournalIsDown(string path)
    {
        await using var app = await Start();
        VaultController.Opened = 0;
        await BrokenJournal.Down(app.Services);

        var answer = await app.Client.PostAsync(path, null);

        AssertRefused(answer);
        Assert.Equal(0, _ran + VaultController.Opened);
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseOnlyTheMarkedHandlerOfAPageIsRefused()
    {
        await using var app = await Start();
        var filter = new AuditMvcFilter(app.Services.GetRequiredService<JournalGate>(), app.Services.GetRequiredService<HookFailures>());
        await BrokenJournal.Down(app.Services);

        filter.OnPageHandlerSelected(Selected(nameof(VaultPage.OnGet)));
        var marked = Selected(nameof(VaultPage.OnPost));
        Assert.Throws<JournalUnavailableException>((Action)(() => filter.OnPageHandlerSelected(marked)));
    }

    [Theory]
    [InlineData("/forbidden")]
    [InlineData("/members")]
    [InlineData("/bare")]
    [InlineData("/bare-with-words")]
    public async Task WhereTheOwnerChoseRefuseADenialIsNotToldWhileTheJournalIsDown(string path)
    {
        await using var app = await Start();
        await BrokenJournal.Down(app.Services);

        AssertRefused(await app.Client.PostAsync(path, null));
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseAPersonCanSignOutWhileTheJournalIsDown()
    {
        await using var app = await Start();
        await app.Client.PostAsync("/in", null);
        var broken = await BrokenJournal.Down(app.Services);

        var answer = await app.Client.PostAsync("/out", null);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("expires=Thu, 01 Jan 1970", Assert.Single(answer.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        await broken.Mend();
        Assert.Empty(await app.Events("session_logout"));
        Assert.Equal([1], JournalEvents.Gaps(app.Directory));
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseARequestThatRecordsNothingGoesOnWhileTheJournalIsDown()
    {
        await using var app = await Start();
        await app.Client.PostAsync("/in", null);
        await BrokenJournal.Down(app.Services);

        Assert.Equal("hello", await app.Client.GetStringAsync("/"));
        Assert.Equal("ann", await app.Client.GetStringAsync("/me"));
        Assert.Equal("streamed", await app.Client.GetStringAsync("/stream"));
        Assert.Equal("piped", await app.Client.GetStringAsync("/pipe"));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync("/none")).StatusCode);
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseACredentialThatIsNotValidIsNotPassedOverWhileTheJournalIsDown()
    {
        await using var app = await Start();
        await BrokenJournal.Down(app.Services);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", ".AspNetCore.Cookies=forged");

        AssertRefused(await app.Client.SendAsync(request));
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseAnExceptionThatNobodyHandlesIsAnsweredByTheServerOnlyOnceItIsOnRecord()
    {
        await using var app = await Start();
        Assert.Equal(HttpStatusCode.InternalServerError, (await app.Client.PostAsync("/thrown", null)).StatusCode);
        await BrokenJournal.Silently(app.Services);

        AssertRefused(await app.Client.PostAsync("/thrown", null));
        AssertRefused(await app.Client.PostAsync("/thrown", null));
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseWhatTheApplicationRecordsIsRefusedWhateverItMakesOfThat()
    {
        await using var app = await Start();
        var broken = await BrokenJournal.Down(app.Services);

        AssertRefused(await app.Client.PostAsync("/own", null));

        await broken.Mend();
        await app.Events();
        Assert.Equal([1], JournalEvents.Gaps(app.Directory));
    }

    private static void AssertRefused(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(0, answer.Content.Headers.ContentLength);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    private static Microsoft.AspNetCore.Mvc.Filters.PageHandlerSelectedContext Selected(string method) => new(
        new PageContext { HttpContext = new DefaultHttpContext(), RouteData = new RouteData(), ActionDescriptor = new CompiledPageActionDescriptor() },
        [],
        new VaultPage())
    {
        HandlerMethod = new() { MethodInfo = typeof(VaultPage).GetMethod(method)! },
    };

    private Task<RecordedApp> Start() => RecordedApp.Start(
        web =>
        {
            web.MapPost("/vault", () => ++_ran).WithAudit("vault.open");
            web.MapPost("/attribute", [Audit("vault.open")] () => ++_ran);
            web.MapPost("/quick", () => ++_ran).WithAudit("vault.open").ShortCircuit();
            web.MapControllers();
            web.MapPost("/forbidden", (HttpContext context) => context.ForbidAsync());
            web.MapPost("/members", () => "members").RequireAuthorization();
            web.MapPost("/bare", () => Results.StatusCode(403));
            web.MapPost("/bare-with-words", () => Results.Json("not you", statusCode: 403));
            web.MapPost("/thrown", string () => throw new InvalidOperationException());
            web.MapPost("/in", () => TypedResults.SignIn(Some.Principal()));
            web.MapPost("/out", async (HttpContext context) =>
            {
                await context.SignOutAsync();
                await context.Response.WriteAsync("bye");
            });
            web.MapPost("/own", (ISecurityAudit audit) =>
            {
                try
                {
                    audit.Record(Some.Event());
                }
                catch (JournalUnavailableException)
                {
                    // an application that thinks it knows better
                }

                return "done";
            });
            web.MapGet("/", () => "hello");
            web.MapGet("/me", (HttpContext context) => context.User.Identity!.Name);
            web.MapGet("/stream", async (HttpContext context) =>
            {
                await context.Response.StartAsync();
                await context.Response.Body.WriteAsync("streamed"u8.ToArray());
            });
            web.MapGet("/pipe", (HttpContext context) =>
            {
                "piped"u8.CopyTo(context.Response.BodyWriter.GetSpan(5));
                context.Response.BodyWriter.Advance(5);
            });
        },
        BrokenJournal.Refuse,
        builder => builder.Services.AddControllers().AddApplicationPart(typeof(RefusedRequestTests).Assembly));

    private sealed class VaultPage : PageModel
    {
        public void OnGet() => Response.StatusCode = 200;

        [Audit("vault.open")]
        public void OnPost() => Response.StatusCode = 200;
    }
}

[Route("vault")]
public sealed class VaultController : ControllerBase
{
    public static int Opened { get; set; }

    [HttpPost("open")]
    [Audit("vault.open")]
    public int Open() => ++Opened;
}
