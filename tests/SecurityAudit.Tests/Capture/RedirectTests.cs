using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Capture;

public sealed class RedirectTests
{
    private static Task<RecordedApp> Start(bool handler = false) => RecordedApp.Start(
        web =>
        {
            if (handler)
            {
                web.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("sorry")));
            }

            web.UseRouting();
            web.MapGet("/go", (string returnUrl) => Results.Redirect(returnUrl));
            web.MapPost("/go", async (HttpRequest request) => Results.Redirect((await request.ReadFormAsync())["next"]!));
            web.MapGet("/partner", () => Results.Redirect("https://partner.example/start"));
            web.MapGet("/authorize", (string post_logout_redirect_uri) => Results.Redirect(post_logout_redirect_uri));
            web.MapGet("/local", (string returnUrl) => Results.LocalRedirect(returnUrl));
            web.MapGet("/mistake", () => Results.LocalRedirect("https://partner.example"));
            web.MapControllers();
        },
        build: builder => builder.Services.AddControllers().AddApplicationPart(typeof(RedirectTests).Assembly));

    [Theory]
    [InlineData("https://evil.example/hunter2?a=b")]
    [InlineData("//evil.example/hunter2")]
    [InlineData("/\\evil.example/hunter2")]
    public async Task ARedirectToAnotherHostThatTheRequestNamesIsRecordedAsInferred(string address)
    {
        await using var app = await Start();

        using var answer = await app.Client.GetAsync($"/go?returnUrl={Uri.EscapeDataString(address)}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        var redirected = await app.Event("open_redirect");
        Assert.Equal(("unknown", "evil.example", "302"), (redirected.Text("event.outcome"), redirected.Attribute("host"), redirected.Text("http.response.status_code")));
        Assert.Equal(["returnUrl"], redirected.Texts("security_audit.inputs"));
        Assert.StartsWith("inferred: ", redirected.Text("event.reason"), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", redirected.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARedirectThatAFormNamesIsRecorded()
    {
        await using var app = await Start();
        using var form = new FormUrlEncodedContent([new("next", "https://evil.example")]);

        using var answer = await app.Client.PostAsync("/go", form, TestContext.Current.CancellationToken);

        Assert.Equal(["next"], (await app.Event("open_redirect")).Texts("security_audit.inputs"));
    }

    [Theory]
    [InlineData("/go?returnUrl=/account")]
    [InlineData("/go?returnUrl=http://127.0.0.1/account")]
    [InlineData("/partner?returnUrl=https://evil.example")]
    [InlineData("/authorize?post_logout_redirect_uri=https://client.example/")]
    public async Task ARedirectThatTheRequestDoesNotDecideIsNoEvent(string path)
    {
        await using var app = await Start();

        using var answer = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        await app.StopAsync();
        Assert.DoesNotContain("open_redirect", JournalEvents.Read(app.Directory).Select(e => e.Text("event.action")));
    }

    [Theory]
    [InlineData("/local", false)]
    [InlineData("/local", true)]
    [InlineData("/redirects", false)]
    [InlineData("/redirects", true)]
    public async Task ARedirectThatLocalRedirectRefusesIsAnAttackAndNoException(string path, bool handler)
    {
        await using var app = await Start(handler);

        using var answer = await app.Client.GetAsync($"{path}?returnUrl=https://evil.example/", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var refused = await app.Event("open_redirect");
        Assert.Equal(("failure", "evil.example"), (refused.Text("event.outcome"), refused.Attribute("host")));
        await app.StopAsync();
        Assert.DoesNotContain("app_exception", JournalEvents.Read(app.Directory).Select(e => e.Text("event.action")));
    }

    [Fact]
    public async Task AnAddressThatTheApplicationItselfMadeUpIsItsException()
    {
        await using var app = await Start();

        using var answer = await app.Client.GetAsync("/mistake", TestContext.Current.CancellationToken);

        await app.Event("app_exception");
        await app.StopAsync();
        Assert.DoesNotContain("open_redirect", JournalEvents.Read(app.Directory).Select(e => e.Text("event.action")));
    }
}

[Route("redirects")]
public sealed class RedirectController : ControllerBase
{
    [HttpGet]
    public IActionResult Get(string returnUrl) => LocalRedirect(returnUrl);
}
