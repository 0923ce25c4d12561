using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Capture.SignIns;

/// <summary>
/// Tokens of the application's own, as widespread samples have them: an endpoint answers 400 to a wrong password, a middleware looks at the
/// bearer token, a filter answers 401, refresh tokens are used once.
/// </summary>
public sealed class OwnTokenTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    private sealed record Login(string Name, string Password);

    private sealed record Refreshing(string Token);

    private static string Sign(string name) =>
        name + "." + Convert.ToHexString(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(name)));

    private static Task<RecordedApp> Start(bool reports)
    {
        var refreshTokens = new ConcurrentDictionary<string, (string Name, bool IsSpent)>();
        return RecordedApp.Start(
            web =>
            {
                web.Use((context, next) =>
                {
                    var token = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
                    if (token.Split('.') is [var name, _] && token == Sign(name))
                    {
                        context.User = Some.Principal(name);
                    }

                    return next(context);
                });
                web.MapPost("/authenticate", (Login login, ISecurityAudit audit) =>
                {
                    if (login.Password != "right")
                    {
                        if (reports)
                        {
                            audit.SignInFailed(AuditUser.Claimed(login.Name), "wrong name or password", "password");
                        }

                        return Results.BadRequest(new { message = "Username or password is incorrect" });
                    }

                    if (reports)
                    {
                        audit.SignedIn(Some.User(login.Name), "password");
                    }

                    var refresh = Guid.NewGuid().ToString("N");
                    refreshTokens[refresh] = (login.Name, false);
                    return Results.Ok(new { token = Sign(login.Name), refresh });
                });
                web.MapPost("/refresh", (Refreshing refreshing, ISecurityAudit audit) =>
                {
                    if (!refreshTokens.TryGetValue(refreshing.Token, out var known) || known.IsSpent)
                    {
                        if (reports && known.Name is not null)
                        {
                            audit.Record(SecurityEvents.AuthnTokenReuse(Some.User(known.Name), refreshing.Token));
                        }

                        return Results.Unauthorized();
                    }

                    refreshTokens[refreshing.Token] = known with { IsSpent = true };
                    return Results.Ok(new { token = Sign(known.Name) });
                });
                web.MapGet("/orders", () => "orders").AddEndpointFilter(async (context, next) =>
                    context.HttpContext.User.Identity?.IsAuthenticated == true ? await next(context) : Results.Unauthorized());
            },
            reports ? audit => audit.SignInsAreReported() : null,
            buildAfter: _ => { });
    }

    private static Task<HttpResponseMessage> Authenticate(RecordedApp app, string password) =>
        app.Client.PostAsJsonAsync("/authenticate", new Login("ann", password));

    private static async Task<HttpResponseMessage> Orders(RecordedApp app, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await app.Client.SendAsync(request);
    }

    [Fact]
    public async Task ATokenThatAnOwnMiddlewareDoesNotAcceptIsRecordedOnceAsItsKeyedHash()
    {
        await using var app = await Start(reports: false);

        Assert.Equal(HttpStatusCode.OK, (await Orders(app, Sign("ann"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Orders(app, "ann.FORGED")).StatusCode);

        var refused = await app.Event("authn_credential_invalid");
        Assert.Equal(("Bearer", "inferred"), (refused.Text("security_audit.authn.scheme"), refused.Text("security_audit.authn.evidence")));
        Assert.NotNull(refused.Text("security_audit.authn.credential_hash"));
        Assert.DoesNotContain("FORGED", refused.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(await app.Events("authz_fail"));
    }

    [Fact]
    public async Task ATokenEndpointOfTheApplicationsOwnIsNotSaidToBeCovered()
    {
        await using var app = await Start(reports: false);

        await Authenticate(app, "wrong");
        await app.Audit.RecordAsync(Some.Event("after"));

        Assert.Empty(await app.Events("authn_login_fail"));
        Assert.DoesNotContain("sign_in", (await app.Event("audit_coverage")).Texts("security_audit.coverage.captured"));
    }

    [Fact]
    public async Task OneCallMakesATokenEndpointOfTheApplicationsOwnCovered()
    {
        await using var app = await Start(reports: true);

        await Authenticate(app, "wrong");
        var signedIn = await (await Authenticate(app, "right")).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal("wrong name or password", (await app.Event("authn_login_fail")).Text("event.reason"));
        Assert.Equal("ann", (await app.Event("authn_login_success")).Text("user.name"));
        Assert.Contains("sign_in", (await app.Event("audit_coverage")).Texts("security_audit.coverage.captured"));
        var refresh = new Refreshing(signedIn.Text("refresh")!);
        await app.Client.PostAsJsonAsync("/refresh", refresh);
        await app.Client.PostAsJsonAsync("/refresh", refresh);
        var reuse = await app.Event("authn_token_reuse");
        Assert.Equal("ann", reuse.Text("user.name"));
        Assert.DoesNotContain(refresh.Token, reuse.GetRawText(), StringComparison.Ordinal);
    }
}
