using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Journal;

namespace SecurityAudit.Tests.Capture;

public sealed class ExceptionTests
{
    private static readonly string Key = "anna@example.org".ToString();

    private static string Fail() => throw new InvalidOperationException($"Duplicate key '{Key}' in row {Key.Length} of the table \"{Key}\"");

    [Fact]
    public async Task AnExceptionThatNobodyHandlesIsRecordedOnceWithTypeAndStackHashButWithoutItsValues()
    {
        await using var app = await RecordedApp.Start(web => web.MapGet("/fail", Fail));

        var answer = await app.Client.GetAsync("/fail");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var failed = await app.Event("app_exception");
        Assert.Equal("System.InvalidOperationException", failed.Text("error.type"));
        Assert.Equal("Duplicate key '…' in row … of the table \"…\"", failed.Text("error.message"));
        Assert.Matches("^[0-9a-f]{32}$", failed.Text("security_audit.error.stack_hash"));
        Assert.Equal("false", failed.Text("security_audit.error.handled"));
        Assert.Equal("/fail", failed.Text("url.path"));
        Assert.DoesNotContain("anna", failed.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(JournalFailureMode.Continue)]
    [InlineData(JournalFailureMode.Refuse)]
    public async Task AnExceptionThatIsThrownBeforeTheFirstAwaitIsRecordedInEitherFailureMode(JournalFailureMode mode)
    {
        await using var app = await RecordedApp.Start(
            web => web.Use((HttpContext _, RequestDelegate _) => throw new InvalidOperationException()),
            audit => audit.Configure(options => options.Journal.FailureMode = mode));

        await app.Client.GetAsync("/");

        Assert.Equal("false", (await app.Event("app_exception")).Text("security_audit.error.handled"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnExceptionThatAnExceptionHandlerAnswersIsRecordedOnceAsHandled(bool developerPage)
    {
        await using var app = await RecordedApp.Start(web =>
        {
            if (developerPage)
            {
                web.UseDeveloperExceptionPage();
            }
            else
            {
                web.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("sorry")));
            }

            web.MapGet("/fail", Fail);
        });

        await app.Client.GetAsync("/fail");

        Assert.Equal("true", (await app.Event("app_exception")).Text("security_audit.error.handled"));
    }

    [Fact]
    public async Task AnExceptionIsRecordedWithThePageThatFailedAndNotWithItsErrorPage()
    {
        await using var app = await RecordedApp.Start(web =>
        {
            web.UseExceptionHandler("/error");
            web.UseRouting();
            web.MapGet("/orders/{id}", string (string id) => throw new InvalidOperationException(id)).WithDisplayName("orders");
            web.MapGet("/error", (ISecurityAudit audit) => audit.Record(Some.Event("apologized"))).WithDisplayName("sorry");
        });

        await app.Client.GetAsync("/orders/5");

        var (failed, during) = (await app.Event("app_exception"), await app.Event("apologized"));
        Assert.Equal(("orders", "/orders/5"), (failed.Text("security_audit.endpoint"), failed.Text("url.path")));
        Assert.Equal(("sorry", "/error"), (during.Text("security_audit.endpoint"), during.Text("url.path")));
    }

    [Fact]
    public async Task ADenialIsNotRecordedWithTheErrorPageThatStatusCodePagesShow()
    {
        await using var app = await RecordedApp.Start(web =>
        {
            web.UseStatusCodePagesWithReExecute("/error/{0}");
            web.UseRouting();
            web.MapGet("/orders/{id}", () => Results.StatusCode(403)).WithDisplayName("orders");
            web.MapGet("/error/{code}", () => "sorry").WithDisplayName("sorry");
        });

        await app.Client.GetAsync("/orders/5");

        var denied = await app.Event("authz_fail");
        Assert.Equal((null, "/orders/5"), (denied.Text("security_audit.endpoint"), denied.Text("url.path")));
    }

    [Fact]
    public async Task AnExceptionThatAnMvcFilterSwallowsIsRecorded()
    {
        await using var app = await RecordedApp.Start(
            web => web.MapControllers(),
            build: builder => builder.Services.AddControllers(mvc => mvc.Filters.Add(new SwallowEverything())).AddApplicationPart(typeof(ExceptionTests).Assembly));

        var answer = await app.Client.GetAsync("/failing-controller");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var failed = await app.Event("app_exception");
        Assert.Equal("true", failed.Text("security_audit.error.handled"));
    }

    [Fact]
    public async Task ARequestThatItsClientAbortedIsNoException()
    {
        var entered = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        await using var app = await RecordedApp.Start(web => web.MapGet("/wait", async (HttpContext context) =>
        {
            entered.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            finally
            {
                left.SetResult();
            }
        }));
        using var abort = new CancellationTokenSource();

        var request = app.Client.GetAsync("/wait", abort.Token);
        await entered.Task;
        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await left.Task;

        await app.Audit.RecordAsync(Some.Event("after"));
        Assert.Empty(await app.Events("app_exception"));
    }

    private sealed class SwallowEverything : IExceptionFilter
    {
        public void OnException(ExceptionContext context) => context.Result = new OkResult();
    }
}

[Route("failing-controller")]
public sealed class FailingController : ControllerBase
{
    [HttpGet]
    public string Get() => throw new InvalidOperationException("in an action");
}
