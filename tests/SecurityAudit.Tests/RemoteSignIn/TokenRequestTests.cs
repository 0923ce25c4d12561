using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Validation.AspNetCore;

namespace SecurityAudit.Tests.RemoteSignIn;

/// <summary>OpenIddict's server, recorded: its endpoints issue tokens, not sessions.</summary>
public sealed class TokenRequestTests
{
    private static readonly Uri Redirect = new("http://127.0.0.1/callback");

    private static async Task<Provider> Start(bool passthrough = true)
    {
        var provider = await Provider.Start(
            passthrough ? null : _ => { },
            builder => builder.Services.AddOpenIddict().AddValidation(options =>
            {
                options.UseLocalServer();
                options.UseAspNetCore();
                options.EnableTokenEntryValidation();
            }),
            web => web.MapGet("/api", () => "api").RequireAuthorization(
                new AuthorizeAttribute { AuthenticationSchemes = OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme }));
        await provider.Register("shop", Redirect);
        return provider;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> Ask(Provider provider, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await provider.App.Client.PostAsync("/connect/token", content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }

    private static (string, string)[] Client(string secret = Provider.Secret, string id = "shop") => [("client_id", id), ("client_secret", secret)];

    private static async Task<string> Code(Provider provider)
    {
        var path = $"/connect/authorize?client_id=shop&response_type=code&scope=offline_access&redirect_uri={Uri.EscapeDataString(Redirect.ToString())}";
        using var answer = await provider.App.Client.GetAsync(path, TestContext.Current.CancellationToken);
        return Shop.Parameter(answer.Headers.Location!, "code");
    }

    private static Task<(HttpStatusCode Status, JsonElement Answer)> Redeem(Provider provider, string code, string secret = Provider.Secret) =>
        Ask(provider, [.. Client(secret), ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Redirect.ToString())]);

    private static Task<(HttpStatusCode Status, JsonElement Answer)> Refresh(Provider provider, string token) =>
        Ask(provider, [.. Client(), ("grant_type", "refresh_token"), ("refresh_token", token)]);

    private static string Text(JsonElement answer, string name) => answer.GetProperty(name).GetString()!;

    /// <summary>The only event of the server's, and that nothing secret is in the journal.</summary>
    private static async Task OnlyAsync(Provider provider, string[] actions, params string[] secrets)
    {
        await provider.App.Audit.RecordAsync(Some.Event("after"));
        var events = await provider.App.Events();
        Assert.Equal(actions, events.Select(e => e.Text("event.action")!).Where(action =>
            action.StartsWith("auth", StringComparison.Ordinal) || action.StartsWith("session", StringComparison.Ordinal)));
        var journal = string.Concat(events.Select(e => e.GetRawText()));
        Assert.All((string[])[Provider.Secret, .. secrets], secret => Assert.DoesNotContain(secret, journal, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACodeThatIsExchangedAndARefreshIssueTokensToTheClientAndNoSession(bool passthrough)
    {
        await using var provider = await Start(passthrough);

        var code = await Code(provider);
        var (_, first) = await Redeem(provider, code);
        var (status, second) = await Refresh(provider, Text(first, "refresh_token"));

        Assert.Equal(HttpStatusCode.OK, status);
        var issued = await provider.App.Events("authn_token_created", count: 3);
        Assert.All(issued, token => Assert.Equal("shop", token.Text("security_audit.oauth.client")));
        Assert.Equal([null, "authorization_code", "refresh_token"], issued.Select(token => token.Text("security_audit.oauth.grant")));
        if (passthrough)
        {
            Assert.All(issued, token => Assert.Equal(("id-ann", "ann"), (token.Text("user.id"), token.Text("user.name"))));
        }

        await OnlyAsync(
            provider, ["authn_token_created", "authn_token_created", "authn_token_created"],
            code, Text(first, "access_token"), Text(first, "refresh_token"), Text(second, "access_token"));
    }

    [Fact]
    public async Task ATokenThatAClientGetsForItselfNamesTheClient()
    {
        await using var provider = await Start();

        await Ask(provider, [.. Client(), ("grant_type", "client_credentials")]);

        var issued = await provider.App.Event("authn_token_created");
        Assert.Equal(("shop", "client_credentials"), (issued.Text("security_audit.oauth.client"), issued.Text("security_audit.oauth.grant")));
        await OnlyAsync(provider, ["authn_token_created"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AWrongClientSecretIsAFailedSignInOfTheClient(bool passthrough)
    {
        await using var provider = await Start(passthrough);

        var (status, _) = await Ask(provider, [.. Client("wrong-secret-KITE"), ("grant_type", "client_credentials")]);

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        var failed = await provider.App.Event("authn_login_fail");
        Assert.Equal(("shop", "wrong client secret"), (failed.Text("user.name"), failed.Text("event.reason")));
        await OnlyAsync(provider, ["authn_login_fail"], "wrong-secret-KITE");
    }

    [Fact]
    public async Task AClientThatIsNotKnownIsOnlyAHash()
    {
        await using var provider = await Start();

        await Ask(provider, [.. Client(id: "hunter2"), ("grant_type", "client_credentials")]);

        var failed = await provider.App.Event("authn_login_fail");
        Assert.NotNull(failed.Text("user.hash"));
        Assert.Equal("the client was not accepted: invalid_client", failed.Text("event.reason"));
        await OnlyAsync(provider, ["authn_login_fail"], "hunter2");
    }

    [Fact]
    public async Task AReplayedCodeIsTheReuseOfASpentToken()
    {
        await using var provider = await Start();
        var code = await Code(provider);
        await Redeem(provider, code);

        var (status, _) = await Redeem(provider, code);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var reused = await provider.App.Event("authn_token_reuse");
        Assert.Equal(("the authorization code was used before", "shop"), (reused.Text("event.reason"), reused.Text("security_audit.oauth.client")));
        await OnlyAsync(provider, ["authn_token_created", "authn_token_created", "authn_token_reuse"], code);
    }

    [Fact]
    public async Task ARefreshTokenThatWasRotatedAwayIsTheReuseOfASpentToken()
    {
        await using var provider = await Start();
        var (_, first) = await Redeem(provider, await Code(provider));
        await Refresh(provider, Text(first, "refresh_token"));

        var (status, _) = await Refresh(provider, Text(first, "refresh_token"));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("the refresh token was used before", (await provider.App.Event("authn_token_reuse")).Text("event.reason"));
        await OnlyAsync(
            provider, ["authn_token_created", "authn_token_created", "authn_token_created", "authn_token_reuse"], Text(first, "refresh_token"));
    }

    [Fact]
    public async Task ARevokedRefreshTokenIsAnInvalidCredential()
    {
        await using var provider = await Start();
        var (_, first) = await Redeem(provider, await Code(provider));
        using var form = new FormUrlEncodedContent([.. Client().Select(field => KeyValuePair.Create(field.Item1, field.Item2)),
            KeyValuePair.Create("token", Text(first, "refresh_token"))]);
        using var revoked = await provider.App.Client.PostAsync("/connect/revoke", form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);

        await Refresh(provider, Text(first, "refresh_token"));

        Assert.Equal("shop", (await provider.App.Event("authn_token_revoked")).Text("security_audit.oauth.client"));
        Assert.Equal("it is no longer valid: expired or revoked", (await provider.App.Event("authn_credential_invalid")).Text("event.reason"));
        await OnlyAsync(
            provider, ["authn_token_created", "authn_token_created", "authn_token_revoked", "authn_credential_invalid"], Text(first, "refresh_token"));
    }

    [Fact]
    public async Task AForgedRefreshTokenIsAnInvalidCredential()
    {
        await using var provider = await Start();

        await Refresh(provider, "forged-KITE");

        Assert.Equal("it is not a token of this server's", (await provider.App.Event("authn_credential_invalid")).Text("event.reason"));
        await OnlyAsync(provider, ["authn_credential_invalid"], "forged-KITE");
    }

    [Fact]
    public async Task AReplayedCodeWithAWrongSecretIsAWrongSecret()
    {
        await using var provider = await Start();
        var code = await Code(provider);
        await Redeem(provider, code);

        await Redeem(provider, code, "wrong-secret-KITE");

        await OnlyAsync(provider, ["authn_token_created", "authn_token_created", "authn_login_fail"], code, "wrong-secret-KITE");
    }

    [Fact]
    public async Task APasswordThatTheApplicationRefusesAtTheTokenEndpointIsAFailedSignInAndNoDenial()
    {
        await using var provider = await Start();

        await Ask(provider, [.. Client(), ("grant_type", "password"), ("username", "ann"), ("password", "wrong-KITE")]);

        var failed = await provider.App.Event("authn_login_fail");
        Assert.Equal("the token request was refused: invalid_grant", failed.Text("event.reason"));
        Assert.NotNull(failed.Text("user.hash"));
        await OnlyAsync(provider, ["authn_login_fail"], "wrong-KITE");
    }

    [Fact]
    public async Task AGrantThatNoStandardNamesIsNotRepeated()
    {
        await using var provider = await Start();

        await Ask(provider, [.. Client(), ("grant_type", "hunter2")]);

        Assert.Equal("the token request was refused: unsupported_grant_type", (await provider.App.Event("authn_login_fail")).Text("event.reason"));
        await OnlyAsync(provider, ["authn_login_fail"], "hunter2");
    }

    [Theory]
    [InlineData("forged")]
    [InlineData("revoked")]
    public async Task AnAccessTokenThatTheValidationHandlerRefusesIsOneEvent(string fault)
    {
        await using var provider = await Start();
        var (_, issued) = await Ask(provider, [.. Client(), ("grant_type", "client_credentials")]);
        var token = Text(issued, "access_token");
        Assert.Equal(HttpStatusCode.OK, await Api(provider, token));
        if (fault is "revoked")
        {
            using var form = new FormUrlEncodedContent([.. Client().Select(field => KeyValuePair.Create(field.Item1, field.Item2)), KeyValuePair.Create("token", token)]);
            using var revoked = await provider.App.Client.PostAsync("/connect/revoke", form, TestContext.Current.CancellationToken);
        }

        var sent = fault is "revoked" ? token : token[..^12] + new string([.. token[^12..].Reverse()]);
        Assert.Equal(HttpStatusCode.Unauthorized, await Api(provider, sent));

        await OnlyAsync(
            provider,
            fault is "revoked" ? ["authn_token_created", "authn_token_revoked", "session_expired"] : ["authn_token_created", "authn_credential_invalid"],
            token, sent);
        Assert.Equal(
            fault is "revoked" ? "no longer valid: expired or revoked" : "the token is not valid",
            (await provider.App.Event(fault is "revoked" ? "session_expired" : "authn_credential_invalid")).Text("event.reason"));
    }

    [Fact]
    public async Task TheServerIsCoveredWhereThereIsOne()
    {
        await using var provider = await Start();

        Assert.Contains("token_requests", (await provider.App.Event("audit_coverage")).Texts("security_audit.coverage.captured"));
    }

    private static async Task<HttpStatusCode> Api(Provider provider, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await provider.App.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
