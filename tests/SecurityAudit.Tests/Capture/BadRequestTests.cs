using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Capture;

public sealed class BadRequestTests
{
    private static readonly string Long = new('a', 40_000);

    public enum Door
    {
        Bare,
        Handler,
        DeveloperPage,
    }

    public static TheoryData<string, string, string> Malformed() => new()
    {
        { "GET / HTTP/1.1\r\nHost: local host; pin=hunter2\r\n\r\n", "400", "request" },
        { "GET / HTTP/1.1\r\nHost: localhost\r\npin hunter2\r\n\r\n", "400", "request" },
        { "\u0016\u0003\u0001hunter2\r\n\r\n", "400", "request" },
        { $"GET /?pin=hunter2&x={Long} HTTP/1.1\r\n\r\n", "414", "address" },
        { $"GET / HTTP/1.1\r\nHost: localhost\r\nPin: hunter2{Long}\r\n\r\n", "431", "headers" },
        { "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "", "request" },
        { "FOO * HTTP/1.1\r\nHost: localhost\r\n\r\n", "405", "method" },
        { "POST / HTTP/1.0\r\nHost: localhost\r\n\r\n", "400", "request" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task ARequestThatKestrelRefusesIsRecordedWithWhatItRefusedAndNothingOfIt(string bytes, string status, string part)
    {
        await using var app = await RecordedApp.Start(web => web.MapGet("/", () => "served"));

        var answered = await RawRequest.SendAsync(app.Client.BaseAddress!, bytes);

        var refused = await app.Event("http_request_rejected");
        Assert.True(answered is "" || status is "" || answered == status, $"Kestrel answered {answered}, expected {status}");
        Assert.Equal([part], refused.Texts("security_audit.inputs"));
        Assert.Equal("127.0.0.1", refused.Text("source.ip"));
        Assert.True(status is "" || refused.Text("http.response.status_code") == status);
        Assert.DoesNotContain("hunter2", refused.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMalformedRequestBehindAGoodOneOnTheSameConnectionIsRecorded()
    {
        await using var app = await RecordedApp.Start(web => web.MapGet("/", () => "served"));

        await RawRequest.SendAsync(app.Client.BaseAddress!, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n");

        Assert.Equal(["request"], (await app.Event("http_request_rejected")).Texts("security_audit.inputs"));
    }

    [Fact]
    public async Task AnUploadThatItsClientCutsOffIsNoRefusalThoughNobodyReadIt()
    {
        await using var app = await RecordedApp.Start(web => web.MapPost("/", (ISecurityAudit audit) => audit.Record(Some.Event("begun"))));

        await RawRequest.SendAsync(app.Client.BaseAddress!, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nonly this");

        await app.Event("begun");
        await app.StopAsync();
        Assert.DoesNotContain(JournalEvents.Read(app.Directory), e => e.Text("event.action") == "http_request_rejected");
    }

    [Fact]
    public async Task ARequestThatComesTooSlowlyIsRecorded()
    {
        await using var app = await RecordedApp.Start(
            _ => { }, build: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1)));

        var status = await RawRequest.SendAsync(app.Client.BaseAddress!, "GET / HTTP/1.1\r\nHost: loc");

        Assert.Equal("408", status);
        Assert.Equal("the request came too slowly (408)", (await app.Event("http_request_rejected")).Text("event.reason"));
    }

    [Fact]
    public async Task AFloodOfRequestsThatKestrelRefusesIsTenEventsAndACount()
    {
        await using var app = await RecordedApp.Start(_ => { });

        for (var i = 0; i < 50; i++)
        {
            await RawRequest.SendAsync(app.Client.BaseAddress!, "nonsense\r\n\r\n");
        }

        await app.Events("http_request_rejected", count: 10);
        await app.StopAsync();
        var refused = JournalEvents.Read(app.Directory).Where(e => e.Text("event.action") == "http_request_rejected").ToList();
        Assert.Equal(11, refused.Count);
        Assert.Equal("40", refused[10].Text("security_audit.repeated"));
        Assert.Equal("127.0.0.1", refused[10].Text("source.ip"));
        Assert.Equal("the request is malformed, or broke off (400); 40 more within 60 s were not recorded one by one", refused[10].Text("event.reason"));
    }

    public static TheoryData<Door, string> TooLarge()
    {
        var doors = new TheoryData<Door, string>();
        foreach (var door in Enum.GetValues<Door>())
        {
            doors.Add(door, "/body");
            doors.Add(door, "/form");
            doors.Add(door, "/bad-requests");
        }

        return doors;
    }

    [Theory]
    [MemberData(nameof(TooLarge))]
    public async Task ABodyThatIsTooLargeIsInputThatWasRefusedAndNoException(Door door, string path)
    {
        await using var app = await RecordedApp.Start(
            web =>
            {
                _ = door switch
                {
                    Door.Handler => web.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("sorry"))),
                    Door.DeveloperPage => web.UseDeveloperExceptionPage(),
                    _ => web,
                };
                web.UseRouting();
                web.MapPost("/body", async (HttpRequest request) => await new StreamReader(request.Body).ReadToEndAsync());
                web.MapPost("/form", async (HttpRequest request) => (await request.ReadFormAsync()).Count);
                web.MapControllers();
            },
            build: builder =>
            {
                builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 1000);
                builder.Services.AddControllers().AddApplicationPart(typeof(BadRequestTests).Assembly);
            });
        using var body = path == "/bad-requests"
            ? new StringContent($"{{\"Name\":\"{Long}\"}}", Encoding.UTF8, "application/json")
            : new StringContent("name=" + Long, Encoding.UTF8, "application/x-www-form-urlencoded");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        request.Headers.ExpectContinue = true; // so that the answer is read before the connection closes

        using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(door is Door.Handler ? HttpStatusCode.InternalServerError : HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        var refused = await app.Event("input_validation_fail");
        Assert.Equal("the body is larger than the limit (413)", refused.Text("event.reason"));
        Assert.Equal((path, "127.0.0.1"), (refused.Text("url.path"), refused.Text("source.ip")));
        await app.StopAsync();
        Assert.DoesNotContain(Actions(app), action => action is "app_exception" or "http_request_rejected");
    }

    [Fact]
    public async Task AFormThatIsTooLargeIsNoForgedRequest()
    {
        await using var app = await RecordedApp.Start(
            web => web.MapPost("/protected", async (HttpContext context, IAntiforgery antiforgery) =>
                await antiforgery.ValidateRequestAsync(context)),
            build: builder =>
            {
                builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 1000);
                builder.Services.AddAntiforgery(antiforgery => (antiforgery.HeaderName, antiforgery.Cookie.Name) = (null, "csrf"));
            });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/protected")
        {
            Content = new StringContent("name=" + Long, Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        request.Headers.ExpectContinue = true;
        request.Headers.Add("Cookie", "csrf=anything");

        using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(["body"], (await app.Event("input_validation_fail")).Texts("security_audit.inputs"));
        await app.StopAsync();
        Assert.DoesNotContain("malicious_csrf", Actions(app));
    }

    [Theory]
    [InlineData("/bad-requests", """{"Name":"hunter2","Age":"hunter2"}""", "body")]
    [InlineData("/bad-requests", """{"Name":null,"Age":1}""", "Name")]
    [InlineData("/bad-requests", """{"Name":"x","Age":1,"Notes":{"hunter2":[]}}""", "body")]
    [InlineData("/bad-requests/choose?Colour=hunter2", "{}", "colour")]
    public async Task InputThatMvcCannotBindOrFindsNotValidIsRecordedByItsNamesAlone(string path, string json, string name)
    {
        await using var app = await RecordedApp.Start(
            web => web.MapControllers(),
            build: builder => builder.Services.AddControllers().AddApplicationPart(typeof(BadRequestTests).Assembly));

        using var answer = await app.Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var refused = await app.Event("input_validation_fail");
        Assert.Contains(name, refused.Texts("security_audit.inputs"), StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain("hunter2", refused.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFormThatIsShownAgainWithItsErrorsIsNoRefusal()
    {
        await using var app = await RecordedApp.Start(
            web => web.MapControllers(),
            build: builder => builder.Services.AddControllers().AddApplicationPart(typeof(BadRequestTests).Assembly));

        using var answer = await app.Client.PostAsync("/bad-requests/again?age=none", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await app.StopAsync();
        Assert.DoesNotContain("input_validation_fail", Actions(app));
    }

    private static IEnumerable<string?> Actions(RecordedApp app) => JournalEvents.Read(app.Directory).Select(e => e.Text("event.action"));
}

[Route("bad-requests")]
[ApiController]
public sealed class BoundController : ControllerBase
{
    public enum Colour
    {
        Red,
    }

    public sealed record Person(string Name, int Age, IDictionary<string, string>? Notes);

    [HttpPost]
    public string Post(Person person) => person.Name;

    [HttpPost("choose")]
    public string Choose([FromQuery] Colour colour) => colour.ToString();
}

[Route("bad-requests/again")]
public sealed class FormController : ControllerBase
{
    [HttpPost]
    public string Again(int age) => ModelState.IsValid ? $"{age}" : "once more";
}
