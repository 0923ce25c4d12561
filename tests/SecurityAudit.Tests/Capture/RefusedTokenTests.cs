using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SecurityAudit.Tests.Capture;

/// <summary>A token that is refused, and what follows from that, is one event; with several schemes, one that any of them accepts is none.</summary>
public sealed class RefusedTokenTests
{
    private static readonly SymmetricSecurityKey First = new("first-key-of-thirty-two-bytes-01"u8.ToArray()) { KeyId = "first" };
    private static readonly SymmetricSecurityKey Second = new("second-key-of-thirtytwo-bytes-02"u8.ToArray()) { KeyId = "second" };
    private static readonly SymmetricSecurityKey Strange = new("a-key-of-nobody-here-of-32-bytes"u8.ToArray()) { KeyId = "strange" };

    private static Task<RecordedApp> Start() => RecordedApp.Start(
        web =>
        {
            web.UseAuthentication();
            web.UseAuthorization();
            web.MapGet("/one", () => "one").RequireAuthorization(new AuthorizeAttribute("Members") { AuthenticationSchemes = "First" });
            web.MapGet("/both", () => "both").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "First,Second" });
            web.MapGet("/reversed", () => "reversed").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "Second,First" });
            web.MapGet("/open", () => "open");
        },
        buildAfter: builder =>
        {
            builder.Services.AddAuthentication()
                .AddJwtBearer("First", options => Accept(options, First))
                .AddJwtBearer("Second", options => Accept(options, Second));
            builder.Services.AddAuthorizationBuilder().AddPolicy("Members", policy => policy.RequireAuthenticatedUser());
        });

    private static void Accept(JwtBearerOptions options, SecurityKey key) => options.TokenValidationParameters = new TokenValidationParameters
    {
        IssuerSigningKey = key, TryAllIssuerSigningKeys = false, ValidIssuer = "test", ValidAudience = "api",
    };

    private static string Token(SecurityKey key, TimeSpan age = default, string issuer = "test", string audience = "api") =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Claims = new Dictionary<string, object> { ["sub"] = "ann" },
            Expires = DateTime.UtcNow.AddHours(1) - age,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });

    private static async Task<HttpStatusCode> Get(RecordedApp app, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<List<string?>> All(RecordedApp app)
    {
        await app.Audit.RecordAsync(Some.Event("after"));
        return [.. (await app.Events()).Select(e => e.Text("event.action")).Where(action => action!.StartsWith("auth", StringComparison.Ordinal)
            || action.StartsWith("session", StringComparison.Ordinal))];
    }

    [Theory]
    [InlineData("signature", "authn_credential_invalid", "the key that signed the token is not known")]
    [InlineData("issuer", "authn_credential_invalid", "the token's issuer is not accepted")]
    [InlineData("audience", "authn_credential_invalid", "the token is meant for somebody else")]
    [InlineData("time", "session_expired", "expired")]
    public async Task ABadTokenThatIsRefusedIsOneEventWithTheAnswerAndThePolicy(string fault, string action, string reason)
    {
        await using var app = await Start();
        var token = fault switch
        {
            "signature" => Token(Strange),
            "issuer" => Token(First, issuer: "another"),
            "audience" => Token(First, audience: "another"),
            _ => Token(First, age: TimeSpan.FromDays(1)),
        };

        Assert.Equal(HttpStatusCode.Unauthorized, await Get(app, "/one", token));

        var refused = await app.Event(action);
        Assert.Equal(reason, refused.Text("event.reason"));
        Assert.Equal(401, refused.GetProperty("http.response.status_code").GetInt32());
        Assert.Equal("Members", refused.Text("rule.name"));
        Assert.Equal([action], await All(app));
        Assert.DoesNotContain(token, refused.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/both")]
    [InlineData("/reversed")]
    public async Task ATokenThatOneOfSeveralSchemesAcceptsIsNoRefusal(string path)
    {
        await using var app = await Start();

        Assert.Equal(HttpStatusCode.OK, await Get(app, path, Token(First)));

        Assert.Empty(await All(app));
    }

    [Theory]
    [InlineData("/both")]
    [InlineData("/reversed")]
    public async Task ATokenThatAllSchemesRefuseIsOneEvent(string path)
    {
        await using var app = await Start();

        Assert.Equal(HttpStatusCode.Unauthorized, await Get(app, path, Token(Second, age: TimeSpan.FromDays(1))));

        Assert.Equal("expired", (await app.Event("session_expired")).Text("event.reason"));
        Assert.Equal(["session_expired"], await All(app));
    }

    [Fact]
    public async Task WhoeverSendsNoTokenIsAskedToSignIn()
    {
        await using var app = await Start();
        using var answer = await app.Client.GetAsync("/one", TestContext.Current.CancellationToken);

        Assert.Equal("unknown", (await app.Event("authz_fail")).Text("event.outcome"));
        Assert.Equal(["authz_fail"], await All(app));
    }
}
