using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace SecurityAudit.Tests.Identity;

/// <summary>The endpoints of <c>MapIdentityApi</c>: bearer and refresh tokens, forgotten passwords, codes.</summary>
public sealed class IdentityApiTests
{
    private static async Task<(IdentityHost Host, JsonElement Tokens)> SignedIn(TimeProvider? time = null)
    {
        var host = await IdentityHost.Start(identity: services =>
        {
            IdentityHost.AddApiIdentity(services);
            services.Configure<BearerTokenOptions>(IdentityConstants.BearerScheme, options => options.TimeProvider = time);
        }, map: web => Microsoft.AspNetCore.Routing.IdentityApiEndpointRouteBuilderExtensions.MapIdentityApi<ShopUser>(web));
        await host.Existing(prepare: async (users, ann) => await users.ConfirmEmailAsync(ann, await users.GenerateEmailConfirmationTokenAsync(ann)));
        // The sign-in by name: MapIdentityApi takes the address for it.
        await host.WithUsers(async users => await users.SetUserNameAsync((await users.FindByNameAsync("ann"))!, "ann@example.org"));
        var answer = await host.Send(() => host.Client.PostAsJsonAsync("/login", new { email = "ann@example.org", password = IdentityHost.Password }));
        host.Audit.Clear();
        return (host, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static Task<HttpResponseMessage> Refresh(IdentityHost host, string? token) =>
        host.Send(() => host.Client.PostAsJsonAsync("/refresh", new { refreshToken = token }));

    private static async Task<List<JsonElement>> Recorded(IdentityHost host, params string[] actions)
    {
        await host.Journal();
        return JournalEvents.Read(host.JournalDirectory).FindAll(e => actions.Contains(e.Text("event.action")));
    }

    [Fact]
    public async Task ARefreshTokenThatIsForgedIsRecordedOnce()
    {
        var (host, _) = await SignedIn();
        await using var _1 = host;

        Assert.Equal(HttpStatusCode.Unauthorized, (await Refresh(host, "CfDJ8forged")).StatusCode);

        var invalid = Assert.Single(await Recorded(host, "authn_credential_invalid", "authz_fail", "authn_login_fail"));
        Assert.Equal("the refresh token could not be decrypted: altered, or made with another key", invalid.Text("event.reason"));
        Assert.Equal("Identity.Bearer", invalid.Text("security_audit.authn.scheme"));
        Assert.DoesNotContain("forged", invalid.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARefreshTokenThatIsUsedAfterAPasswordChangeIsAReuseByTheAccount()
    {
        var (host, tokens) = await SignedIn();
        await using var _1 = host;
        var token = tokens.Text("refreshToken");
        await host.WithUsers(async users => Assert.True(
            (await users.ChangePasswordAsync((await users.FindByEmailAsync("ann@example.org"))!, IdentityHost.Password, "An0ther!")).Succeeded));

        Assert.Equal(HttpStatusCode.Unauthorized, (await Refresh(host, token)).StatusCode);

        var reuse = Assert.Single(await Recorded(host, "authn_token_reuse", "authn_credential_invalid", "authz_fail", "authn_login_fail"));
        Assert.Equal(("authn_token_reuse", "ann@example.org", "the refresh token is genuine and no longer accepted"),
            (reuse.Text("event.action"), reuse.Text("user.name"), reuse.Text("event.reason")));
        Assert.NotNull(reuse.Text("session.id"));
        Assert.DoesNotContain(token!, await host.Journal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARefreshTokenWhoseTimeIsOverIsExpiredAndNoForgery()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var (host, tokens) = await SignedIn(time);
        await using var _1 = host;

        time.Advance(TimeSpan.FromDays(15));
        await Refresh(host, tokens.Text("refreshToken"));

        Assert.Equal("the refresh token is expired", Assert.Single(await Recorded(host, "authn_credential_invalid", "authz_fail")).Text("event.reason"));
    }

    [Fact]
    public async Task ARefreshTokenThatIsAcceptedIsATokenCreatedAndNothingElse()
    {
        var (host, tokens) = await SignedIn();
        await using var _1 = host;
        var before = (await Recorded(host, "authn_token_created")).Count;

        Assert.Equal(HttpStatusCode.OK, (await Refresh(host, tokens.Text("refreshToken"))).StatusCode);

        Assert.Equal(before + 1, (await Recorded(host, "authn_token_created")).Count);
        Assert.Empty(await Recorded(host, "authn_token_reuse", "authn_credential_invalid", "authz_fail", "authn_login_fail"));
    }

    [Fact]
    public async Task AForgottenPasswordIsRecordedWithTheAccountItIsAskedFor()
    {
        var (host, _) = await SignedIn();
        await using var _1 = host;

        await host.Send(() => host.Client.PostAsJsonAsync("/forgotPassword", new { email = "ann@example.org" }));

        var asked = Assert.Single(host.Audit.Events);
        Assert.Equal(("authn_password_reset_requested", "ann@example.org"), (asked.Action, asked.Target!.Name));
    }

    [Fact]
    public async Task AWrongCodeWhileASecondFactorIsSwitchedOnIsRecordedWithTheAccount()
    {
        var (host, tokens) = await SignedIn();
        await using var _1 = host;
        host.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Text("accessToken"));
        await host.Send(() => host.Client.PostAsJsonAsync("/manage/2fa", new { resetSharedKey = true }));
        host.Audit.Clear();

        await host.Send(() => host.Client.PostAsJsonAsync("/manage/2fa", new { enable = true, twoFactorCode = "000000" }));

        var failed = Assert.Single(host.Audit.Events);
        Assert.Equal(("authn_mfa_fail", "wrong code", "ann@example.org"), (failed.Action, failed.Reason, failed.User!.Name));
        Assert.Equal(true, failed["security_audit.authn.reauthentication"]);
    }

    [Fact]
    public async Task ACodeWithoutAFirstStepIsNoWrongCode()
    {
        await using var host = await IdentityHost.Start();

        await host.WithSignIn(signIn => signIn.TwoFactorAuthenticatorSignInAsync("000000", isPersistent: false, rememberClient: false));
        await host.WithSignIn(signIn => signIn.TwoFactorRecoveryCodeSignInAsync("AAAAA-AAAAA"));

        Assert.Equal([("authn_mfa_fail", "refused"), ("authn_mfa_fail", "refused")], host.Audit.Events.Select(e => (e.Action, e.Reason!)));
    }
}
