using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Razor.Hosting;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Journal;
using SecurityAudit.Tests.Capture;

[assembly: RazorCompiledItem(typeof(DocumentPage), "mvc.1.0.razor-page", "/Pages/document-page.cshtml")]

namespace SecurityAudit.Tests.Capture;

/// <summary>Handlers that ask whether somebody may do something to a resource, hear no, and answer as if it were not there.</summary>
public sealed class HiddenDenialTests
{
    private static Task<RecordedApp> Start(Action<WebApplication>? before = null, JournalFailureMode mode = JournalFailureMode.Continue) => RecordedApp.Start(
        web =>
        {
            before?.Invoke(web);
            web.UseRouting();
            web.UseAuthentication();
            web.UseAuthorization();
            web.MapGet("/login", (string name) => TypedResults.SignIn(Some.Principal(name)));
            web.MapGet("/documents/{answer}", async (HttpContext context, IAuthorizationService authorization, string answer) =>
            {
                var isAllowed = (await authorization.AuthorizeAsync(context.User, new Document(), "Menu")).Succeeded;
                return isAllowed ? Results.Ok() : Answers[answer];
            });
            MapAsking(web, "/menu", [("Menu", null)]);
            MapAsking(web, "/request", [("Menu", "request")]);
            MapAsking(web, "/list", [("Menu", "first"), ("Menu", "second")]);
            MapAsking(web, "/list-of-which-one-is-shown", [("Menu", "first"), ("Named", "second")]);
            MapAsking(web, "/one-or-the-other", [("Menu", "first"), ("Named", "first")]);
            MapAsking(web, "/both", [("Menu", "first"), ("Managers", "first")]);
            MapAsking(web, "/menu-around-it", [("Menu", "first"), ("Managers", null), ("Named", null)]);
            web.MapControllers();
            web.MapRazorPages();
            web.MapGet("/lost/{code}", () => "gone").RequireAuthorization("Named");
        },
        audit => audit.Configure(options => options.Journal.FailureMode = mode),
        build: builder =>
        {
            builder.Services.AddControllers().AddApplicationPart(typeof(HiddenDenialTests).Assembly);
            builder.Services.AddRazorPages().ConfigureApplicationPartManager(parts =>
                parts.ApplicationParts.Add(new CompiledRazorAssemblyPart(typeof(HiddenDenialTests).Assembly)));
        });

    private static readonly Dictionary<string, IResult> Answers = new(StringComparer.Ordinal)
    {
        ["400"] = Results.BadRequest(),
        ["404"] = Results.NotFound(),
        ["410"] = Results.StatusCode(410),
        ["302"] = Results.Redirect("/"),
        ["307"] = Results.LocalRedirect("/", permanent: false, preserveMethod: true),
        ["403"] = Results.StatusCode(403),
        ["200"] = Results.Ok("an empty page"),
        ["204"] = Results.NoContent(),
        ["304"] = Results.StatusCode(304),
    };

    /// <summary>Asks one after the other, about what has that name, the request, or nothing; and answers 404 whatever comes out.</summary>
    private static void MapAsking(WebApplication web, string path, (string Policy, string? About)[] questions) =>
        web.MapGet(path, async (HttpContext context, IAuthorizationService authorization) =>
        {
            foreach (var (policy, about) in questions)
            {
                await authorization.AuthorizeAsync(context.User, about == "request" ? context : about, policy);
            }

            return Results.NotFound();
        });

    private static async Task<JsonElement> DeniedAsync(RecordedApp app, string path)
    {
        await app.Client.GetAsync("/login?name=ann");
        await app.Client.GetAsync(path);
        return await app.Event("authz_fail");
    }

    private static (string? Policy, string? Reason) PolicyAndReason(JsonElement denied) => (denied.Text("rule.name"), denied.Text("event.reason"));

    [Theory]
    [InlineData("/documents/404", "404")]
    [InlineData("/documents/400", "400")]
    [InlineData("/documents/410", "410")]
    [InlineData("/documents/302", "302")]
    [InlineData("/documents/307", "307")]
    [InlineData("/documents/403", "403")]
    [InlineData("/document-controller/7", "404")]
    [InlineData("/document-page", "404")]
    public async Task ADenialThatAHandlerHidesIsRecordedWithItsRequirementAndSaidToBeInferred(string path, string status)
    {
        await using var app = await Start();

        var denied = await DeniedAsync(app, path);

        Assert.Equal(("Menu", $"inferred from the answer {status} that followed: needs the claim menu"), PolicyAndReason(denied));
        Assert.Equal(("ann", "failure", status), (denied.Text("user.name"), denied.Text("event.outcome"), denied.Text("http.response.status_code")));
    }

    [Fact]
    public async Task ADenialIsInferredOnceWhereTheOwnerChoseRefuseToo()
    {
        await using var app = await Start(mode: JournalFailureMode.Refuse);

        Assert.Equal("inferred from the answer 404 that followed: needs the claim menu", (await DeniedAsync(app, "/documents/404")).Text("event.reason"));
    }

    [Fact]
    public async Task ADenialIsInferredBehindAnErrorPageThatIsShownInItsPlaceAndHasAPolicyItself()
    {
        await using var app = await Start(web => web.UseStatusCodePagesWithReExecute("/lost/{0}"));

        var denied = await DeniedAsync(app, "/documents/404");

        Assert.Equal(("Menu", "inferred from the answer 404 that followed: needs the claim menu"), PolicyAndReason(denied));
        Assert.Equal("/documents/404", denied.Text("url.path"));
    }

    [Theory]
    [InlineData("/both", "Menu, Managers", "needs the claim menu; needs the role manager")]
    [InlineData("/menu-around-it", "Menu", "needs the claim menu")]
    public async Task OfOneResourceAllThatFailedIsNamedAndNoMenu(string path, string policies, string reasons)
    {
        await using var app = await Start();

        Assert.Equal((policies, $"inferred from the answer 404 that followed: {reasons}"), PolicyAndReason(await DeniedAsync(app, path)));
    }

    [Theory]
    [InlineData("/menu")]
    [InlineData("/request")]
    [InlineData("/list")]
    [InlineData("/list-of-which-one-is-shown")]
    [InlineData("/one-or-the-other")]
    [InlineData("/documents/200")]
    [InlineData("/documents/204")]
    [InlineData("/documents/304")]
    public async Task NeitherAMenuNorAListNorAnAnswerThatHidesNothingIsADenial(string path)
    {
        await using var app = await Start();
        await app.Client.GetAsync("/login?name=ann");

        await app.Client.GetAsync(path);

        await app.StopAsync(); // and with it whatever a request records at its end
        Assert.DoesNotContain(JournalEvents.Read(app.Directory), e => e.Text("event.action") == "authz_fail");
    }

    internal sealed record Document;
}

[Route("document-controller")]
public sealed class DocumentController(IAuthorizationService authorization) : ControllerBase
{
    [HttpGet("{id}")]
    public async Task<IActionResult> Get(int id) =>
        (await authorization.AuthorizeAsync(User, new HiddenDenialTests.Document(), "Menu")).Succeeded ? Ok(id) : NotFound();
}

/// <summary>What the Razor compiler makes of a page with that model.</summary>
public sealed class DocumentPage : Page
{
    public DocumentPageModel Model => (DocumentPageModel)ViewContext.ViewData.Model!;

    public override Task ExecuteAsync() => Task.CompletedTask;
}

public sealed class DocumentPageModel(IAuthorizationService authorization) : PageModel
{
    public async Task<IActionResult> OnGetAsync() =>
        (await authorization.AuthorizeAsync(User, new HiddenDenialTests.Document(), "Menu")).Succeeded ? Page() : NotFound();
}
