using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Capture;
using SecurityAudit.Capture.Probing;
using SecurityAudit.Tests.Recording;

namespace SecurityAudit.Tests.Capture;

public sealed class ProbingTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private Task<RecordedApp> Start() => RecordedApp.Start(
        web =>
        {
            web.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = context.Request.Headers["X-From"].ToString() is { Length: > 0 } from ? IPAddress.Parse(from) : null;
                return next(context);
            });
            web.MapGet("/", () => "served");
            web.MapGet("/number/{number}", (int number) => number);
            web.MapMethods("/calendar", ["PROPFIND"], () => "events");
            web.MapMethods("/broken", ["PROPFIND"], () => Results.StatusCode(500));
        },
        build: builder => builder.Services.AddSingleton<TimeProvider>(_time));

    private static async Task<HttpStatusCode> Send(RecordedApp app, string path, string? from = null, string method = "GET", string? agent = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (from is not null)
        {
            request.Headers.Add("X-From", from);
        }

        if (agent is not null)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", agent);
        }

        using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<List<JsonElement>> Stopped(RecordedApp app, string action)
    {
        await app.StopAsync();
        return [.. JournalEvents.Read(app.Directory).Where(e => e.Text("event.action") == action)];
    }

    [Theory]
    [InlineData("192.0.2.66")]
    [InlineData(null)]
    public async Task ASourceThatAsksForManyAddressesThatDoNotExistIsOneEventAndACount(string? from)
    {
        await using var app = await Start();

        for (var i = 0; i < 40; i++)
        {
            _ = (i % 3) switch
            {
                0 => await Send(app, $"/admin{i}.php", from),
                1 => await Send(app, $"/number/none{i}", from),
                _ => await Send(app, $"/admin{i}.asp", from, "DELETE"),
            };
            await Send(app, $"/nothing{i % 20}", from: "192.0.2.1"); // somebody else, whose page has broken links
        }

        await app.Event("malicious_excess_404");
        var excess = await Stopped(app, "malicious_excess_404");
        Assert.Equal(2, excess.Count);
        Assert.All(excess, e => Assert.Equal(from, e.Text("source.ip")));
        Assert.Equal("25 different addresses within 60 s were answered with 404, 405 or 400", excess[0].Text("event.reason"));
        Assert.Equal("/admin24.php", excess[0].Text("url.path"));
        Assert.Equal([null, "15"], excess.Select(e => e.Text("security_audit.repeated")));
    }

    [Fact]
    public async Task AFewAddressesThatDoNotExistAreNoEventHoweverOftenTheyAreAskedFor()
    {
        await using var app = await Start();

        for (var i = 0; i < 100; i++)
        {
            await Send(app, $"/nothing{i % 24}");
        }

        _time.Advance(MissedAddresses.Window);
        await Send(app, "/another");

        Assert.Empty(await Stopped(app, "malicious_excess_404"));
    }

    [Fact]
    public async Task TenThousandSourcesAtOnceAreCountedApartAndMoreAreForgottenAndCounted()
    {
        await using var app = await Start();
        var misses = app.Services.GetRequiredService<MissedAddresses>();
        using var forgotten = new Count("security_audit.forgotten", app.Services.GetRequiredService<IMeterFactory>());

        var reached = 0;
        for (var path = 0; path < MissedAddresses.TooMany; path++)
        {
            for (var source = 0; source < MissedAddresses.Most; source++)
            {
                reached += misses.Add(SourceNetwork.Of(new IPAddress(source)), $"/{path}") ? 1 : 0;
            }
        }

        Assert.Equal((MissedAddresses.Most, 0), (reached, forgotten.Sum));
        misses.Add(SourceNetwork.None, "/");
        Assert.Equal(1, forgotten.Sum);
    }

    [Fact]
    public async Task AnAttackToolIsRecordedByItsNameOnceInAWhileFromEachSource()
    {
        await using var app = await Start();

        for (var i = 0; i < 5; i++)
        {
            await Send(app, "/", "192.0.2.66", agent: "sqlmap/1.9 (https://sqlmap.org; hunter2)");
            await Send(app, "/missing", "192.0.2.67", agent: "Mozilla/5.0 (compatible; NMAP Scripting Engine)");
        }

        await app.Events("malicious_attack_tool", count: 2);
        var tools = await Stopped(app, "malicious_attack_tool");
        Assert.Equal(["sqlmap", "nmap"], tools.Take(2).Select(e => e.Attribute("tool")));
        Assert.Equal(["4", "4"], tools.Skip(2).Select(e => e.Text("security_audit.repeated")));
        Assert.All(tools, e => Assert.Equal(("unknown", "CRITICAL"), (e.Text("event.outcome"), e.Text("security_audit.owasp.level"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1")]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")]
    [InlineData("curl/8.5.0")]
    [InlineData("python-requests/2.32.3")]
    [InlineData("kube-probe/1.31")]
    public void AnOrdinaryProgramIsNoAttackTool(string agent) => Assert.Null(AttackTools.NameIn(agent));

    [Theory]
    [InlineData("TRACE", "/")]
    [InlineData("DEBUG", "/")]
    [InlineData("PROPFIND", "/missing")]
    public async Task AMethodThatNoEndpointTakesIsRecorded(string method, string path)
    {
        await using var app = await Start();

        await Send(app, path, "192.0.2.66", method);

        var extraneous = await app.Event("malicious_extraneous");
        Assert.Equal((method, "192.0.2.66"), (extraneous.Text("http.request.method"), extraneous.Text("source.ip")));
        Assert.Equal("no endpoint takes this method", extraneous.Text("event.reason"));
    }

    [Fact]
    public async Task AMethodThatAnEndpointTakesIsOrdinary()
    {
        await using var app = await Start();

        Assert.Equal(HttpStatusCode.OK, await Send(app, "/calendar", method: "PROPFIND"));
        Assert.Equal(HttpStatusCode.InternalServerError, await Send(app, "/broken", method: "PROPFIND"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await Send(app, "/", method: "PUT"));

        Assert.Empty(await Stopped(app, "malicious_extraneous"));
    }
}
