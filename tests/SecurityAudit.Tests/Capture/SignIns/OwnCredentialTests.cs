using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Tests.Capture.SignIns;

/// <summary>
/// Basic, API keys and tokens that code of the application's own checks, in a middleware or a filter, with no scheme at all.
/// </summary>
public sealed class OwnCredentialTests
{
    private static Task<RecordedApp> Start() => RecordedApp.Start(
        web =>
        {
            web.MapGet("/basic", (HttpContext context) => Check(context, "Authorization", "Basic YW5uOnJpZ2h0"));
            web.MapGet("/key", () => "in").AddEndpointFilter(async (context, next) =>
                context.HttpContext.Request.Headers["X-Api-Key"] == "right" ? await next(context) : Results.Unauthorized());
            web.MapGet("/token", (HttpContext context) => Check(context, "Authorization", "Bearer right"));
        },
        buildAfter: _ => { });

    private static IResult Check(HttpContext context, string header, string right) =>
        context.Request.Headers[header] == right ? Results.Ok() : Results.Unauthorized();

    private static Task<HttpResponseMessage> Get(RecordedApp app, string path, string header, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation(header, value);
        return app.Client.SendAsync(request);
    }

    private static string Basic(string name, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"));

    [Fact]
    public async Task ANameThatAnOwnBasicMiddlewareRefusesIsRecordedAsItsHash()
    {
        await using var app = await Start();

        Assert.Equal(HttpStatusCode.Unauthorized, (await Get(app, "/basic", "Authorization", Basic("ann", "hunter2"))).StatusCode);
        await Get(app, "/basic", "Authorization", Basic("ANN", "hunter3"));
        await Get(app, "/basic", "Authorization", Basic("ann", "right"));

        var refused = await app.Events("authn_credential_invalid", count: 2);
        Assert.All(refused, e => Assert.Equal(
            ("Basic", "inferred", "the application answered 401; why is not known"),
            (e.Text("security_audit.authn.scheme"), e.Text("security_audit.authn.evidence"), e.Text("event.reason"))));
        Assert.NotNull(refused[0].Text("user.hash"));
        Assert.Equal(refused[0].Text("user.hash"), refused[1].Text("user.hash"));
        Assert.All(refused, e => Assert.DoesNotContain("hunter", e.GetRawText(), StringComparison.OrdinalIgnoreCase));
        Assert.Empty(await app.Events("authz_fail"));
    }

    [Theory]
    [InlineData("/key", "X-Api-Key", "sk-hunter2", "X-Api-Key")]
    [InlineData("/token", "Authorization", "Bearer sk-hunter2", "Bearer")]
    [InlineData("/token", "Authorization", "sk-hunter2", "Authorization")]
    [InlineData("/token", "Authorization", "sk-hunter2 sk-hunter2", "Authorization")]
    public async Task AKeyThatAnOwnCheckRefusesIsRecordedAsItsKeyedHash(string path, string header, string value, string scheme)
    {
        await using var app = await Start();

        await Get(app, path, header, value);
        await Get(app, path, header, value);
        await Get(app, path, header, value + "3");

        var refused = await app.Events("authn_credential_invalid", count: 3);
        Assert.All(refused, e => Assert.Equal(scheme, e.Text("security_audit.authn.scheme")));
        Assert.Equal(2, refused.Select(e => e.Text("security_audit.authn.credential_hash")!).Distinct().Count());
        Assert.All(refused, e => Assert.DoesNotContain("hunter", e.GetRawText(), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A401ToARequestWithoutACredentialIsNoRefusedOne()
    {
        await using var app = await Start();

        await app.Client.GetAsync("/key");

        await app.Event("authz_fail");
        Assert.Empty(await app.Events("authn_credential_invalid"));
    }

    [Theory]
    [InlineData("Basic ")]
    [InlineData("Basic %%%")]
    [InlineData("Basic OnBhc3M=")]
    [InlineData("Bearer")]
    [InlineData(" ")]
    public async Task AMalformedCredentialIsRecordedWithoutAName(string value)
    {
        await using var app = await Start();

        await Get(app, "/basic", "Authorization", value);

        await app.Audit.RecordAsync(Some.Event("after"));
        Assert.All(await app.Events("authn_credential_invalid"), e => Assert.Null(e.Text("user.name")));
    }

    [Fact]
    public async Task AnAccountThatWasLookedUpForAKeyIsNoWrongPassword()
    {
        await using var host = await Identity.IdentityHost.Start();
        await host.Existing();
        host.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", "sk-hunter2");

        await host.WithUsers(async users => Assert.Null(await users.FindByNameAsync("nobody")));
        await host.InRequest(async context =>
        {
            await Lookup(context, "nobody");
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        });

        Assert.Empty(host.Audit.Events);
        Assert.DoesNotContain("hunter2", await host.Journal(), StringComparison.OrdinalIgnoreCase);
        var refused = Assert.Single(JournalEvents.Read(host.JournalDirectory), e => e.Text("event.action") == "authn_credential_invalid");
        Assert.Equal(("ApiKey", "the application answered 401; why is not known"), (refused.Text("security_audit.authn.scheme"), refused.Text("event.reason")));
        Assert.NotNull(refused.Text("user.hash"));
        Assert.Null(refused.Text("security_audit.authn.method"));
    }

    private static async Task Lookup(HttpContext context, string name) =>
        await ((Microsoft.AspNetCore.Identity.UserManager<Identity.ShopUser>)context.RequestServices
            .GetService(typeof(Microsoft.AspNetCore.Identity.UserManager<Identity.ShopUser>))!).FindByNameAsync(name);
}
