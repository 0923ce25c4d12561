using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Journal;

namespace SecurityAudit.Tests.Capture;

/// <summary>Exceptions off the usual path, on real Kestrel: where an answer begins, in the midst of one, swallowed by code of the application's.</summary>
public sealed class ExceptionPathTests
{
    private const string Unseen = "answered 500; no exception was seen";

    public enum Place
    {
        Starting,
        StartingOfABody,
        Streaming,
        StreamingBehindAHandler,
    }

    private static Task<RecordedApp> Start(Action<WebApplication> map, JournalFailureMode mode = JournalFailureMode.Continue) =>
        RecordedApp.Start(map, audit => audit.Configure(options => options.Journal.FailureMode = mode));

    private static void Map(WebApplication web, Place place)
    {
        if (place is Place.StreamingBehindAHandler)
        {
            web.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("sorry")));
        }

        web.MapGet("/", async (HttpContext context) =>
        {
            switch (place)
            {
                case Place.Starting:
                    context.Response.OnStarting(() => throw new InvalidOperationException("on purpose"));
                    break;
                case Place.StartingOfABody:
                    context.Response.OnStarting(() => throw new InvalidOperationException("on purpose"));
                    await context.Response.WriteAsync("begun");
                    break;
                default:
                    await context.Response.WriteAsync("begun");
                    await context.Response.Body.FlushAsync();
                    throw new InvalidOperationException("on purpose");
            }
        });
    }

    public static TheoryData<Place, JournalFailureMode> Places() =>
        [.. from place in Enum.GetValues<Place>() from mode in Enum.GetValues<JournalFailureMode>() select new TheoryDataRow<Place, JournalFailureMode>(place, mode)];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task AnExceptionWhileAnAnswerBeginsOrStreamsIsRecordedOnce(Place place, JournalFailureMode mode)
    {
        await using var app = await Start(web => Map(web, place), mode);

        try
        {
            await app.Client.GetStringAsync("/");
        }
        catch (HttpRequestException)
        {
            // a 500, or an answer that breaks off
        }

        var failed = await app.Event("app_exception");
        Assert.Equal(("System.InvalidOperationException", "false", "/"), (failed.Text("error.type"), failed.Text("security_audit.error.handled"), failed.Text("url.path")));
        await app.StopAsync();
        Assert.Single(JournalEvents.Read(app.Directory), e => e.Text("event.action") == "app_exception");
    }

    [Theory]
    [InlineData("/fail", JournalFailureMode.Continue)]
    [InlineData("/fail", JournalFailureMode.Refuse)]
    [InlineData("/deliberate", JournalFailureMode.Continue)]
    [InlineData("/deliberate", JournalFailureMode.Refuse)]
    [InlineData("/filtered", JournalFailureMode.Continue)]
    public async Task AnAnswer500OfWhichNoExceptionWasSeenIsRecordedOnceAsThat(string path, JournalFailureMode mode)
    {
        await using var app = await Start(
            web =>
            {
                web.Use(async (context, next) =>
                {
                    try
                    {
                        await next(context);
                    }
                    catch (InvalidOperationException)
                    {
                        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                        await context.Response.WriteAsync("sorry");
                    }
                });
                web.MapGet("/fail", string () => throw new InvalidOperationException("on purpose"));
                web.MapGet("/deliberate", () => Results.StatusCode(500));
                web.MapGet("/filtered", string () => throw new InvalidOperationException("on purpose")).AddEndpointFilter(async (call, next) =>
                {
                    try
                    {
                        return await next(call);
                    }
                    catch (InvalidOperationException)
                    {
                        return Results.Problem();
                    }
                });
            },
            mode);

        Assert.Equal(HttpStatusCode.InternalServerError, (await app.Client.GetAsync(path)).StatusCode);

        var answered = await app.Event("app_exception");
        Assert.Equal((null, null, Unseen, "500"), (
            answered.Text("error.type"), answered.Text("security_audit.error.handled"), answered.Text("event.reason"), answered.Text("http.response.status_code")));
        Assert.Equal($"The application answered GET {path} with 500; no exception was seen.", answered.Text("message"));
        await app.StopAsync();
        Assert.Single(JournalEvents.Read(app.Directory), e => e.Text("event.action") == "app_exception");
    }

    [Fact]
    public async Task AnAnswer500WhoseExceptionTheApplicationRecordsItselfIsNoSecondEvent()
    {
        await using var app = await Start(web => web.MapGet("/", (ISecurityAudit audit) =>
        {
            audit.Record(SecurityEvents.AppException("Shop.OutOfStock", handled: true));
            return Results.StatusCode(500);
        }));

        await app.Client.GetAsync("/");
        await app.StopAsync();

        Assert.Equal("Shop.OutOfStock", Assert.Single(JournalEvents.Read(app.Directory), e => e.Text("event.action") == "app_exception").Text("error.type"));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(502)]
    [InlineData(404)]
    public async Task AnotherAnswerIsNoException(int status)
    {
        await using var app = await Start(web => web.MapGet("/", () => Results.StatusCode(status)));

        await app.Client.GetAsync("/");
        await app.StopAsync();

        Assert.DoesNotContain(JournalEvents.Read(app.Directory), e => e.Text("event.action") == "app_exception");
    }

    [Theory]
    [InlineData("action", "exception")]
    [InlineData("action", "action")]
    [InlineData("filter", "exception")]
    [InlineData("binding", "exception")]
    [InlineData("result", "result")]
    public async Task AnExceptionThatAFilterOfMvcSwallowsIsRecordedOnceWhereverItIsThrown(string thrownIn, string swallowedBy)
    {
        await using var app = await RecordedApp.Start(
            web => web.MapControllers(),
            build: builder => builder.Services.AddControllers(mvc => mvc.Filters.Add(new Swallowing(swallowedBy))).AddApplicationPart(typeof(ExceptionPathTests).Assembly));

        var answer = await app.Client.GetAsync($"/throwing-controller/{thrownIn}?value=1");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var failed = await app.Event("app_exception");
        Assert.Equal(("System.InvalidOperationException", "true"), (failed.Text("error.type"), failed.Text("security_audit.error.handled")));
    }

    private sealed class Swallowing(string at) : IExceptionFilter, IActionFilter, IResultFilter
    {
        public void OnException(ExceptionContext context)
        {
            if (at == "exception")
            {
                context.Result = new OkResult();
            }
        }

        public void OnActionExecuting(ActionExecutingContext context)
        {
        }

        public void OnActionExecuted(ActionExecutedContext context)
        {
            if (at == "action" && context.Exception is not null)
            {
                (context.ExceptionHandled, context.Result) = (true, new OkResult());
            }
        }

        public void OnResultExecuting(ResultExecutingContext context)
        {
        }

        public void OnResultExecuted(ResultExecutedContext context) => context.ExceptionHandled |= at == "result";
    }
}

[Route("throwing-controller")]
public sealed class ThrowingController : ControllerBase
{
    [HttpGet("action")]
    public string Get() => throw new InvalidOperationException("on purpose");

    [HttpGet("filter")]
    [ThrowingFilter]
    public string Filtered() => "never";

    [HttpGet("binding")]
    public string Bound([ModelBinder(typeof(ThrowingBinder))] string value) => value;

    [HttpGet("result")]
    public IActionResult Result() => new ThrowingResult();

    private sealed class ThrowingFilterAttribute : ActionFilterAttribute
    {
        public override void OnActionExecuting(ActionExecutingContext context) => throw new InvalidOperationException("on purpose");
    }

    private sealed class ThrowingBinder : IModelBinder
    {
        public Task BindModelAsync(ModelBindingContext bindingContext) => throw new InvalidOperationException("on purpose");
    }

    private sealed class ThrowingResult : ActionResult
    {
        public override void ExecuteResult(ActionContext context) => throw new InvalidOperationException("on purpose");
    }
}
