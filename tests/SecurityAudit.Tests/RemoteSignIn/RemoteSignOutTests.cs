using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.RemoteSignIn;

/// <summary>Sessions of those who signed in at a provider: how they end, and what asks for them.</summary>
public sealed class RemoteSignOutTests
{
    private static async Task<JsonElement> SignedOutOnce(Shop shop, string path)
    {
        Assert.Equal(HttpStatusCode.Redirect, await shop.SignIn("oidc"));
        using var answer = await shop.App.Client.GetAsync(path, TestContext.Current.CancellationToken);
        var ended = await shop.App.Event("session_logout");
        Assert.Equal("ann", ended.Text("user.name"));
        Assert.Equal((await shop.App.Event("session_created")).Text("session.id"), ended.Text("session.id"));
        return ended;
    }

    [Fact]
    public async Task ASignOutThatTheProviderAsksForNamesWhoseSessionEnded()
    {
        await using var shop = await Shop.Start();

        var ended = await SignedOutOnce(shop, "/signout-oidc");

        Assert.Equal("the provider asked for it", ended.Text("event.reason"));
        Assert.Equal(shop.Provider.Address.Authority, ended.Text("security_audit.authn.provider"));
    }

    [Fact]
    public async Task WhoeverSignsOutHereAndAtTheProviderSignsOutOnce()
    {
        await using var shop = await Shop.Start();

        Assert.Equal("Cookies", (await SignedOutOnce(shop, "/logout")).Text("security_audit.authn.scheme"));
    }

    [Theory]
    [InlineData("oidc")]
    [InlineData("oidc,Cookies")]
    public async Task ASignOutAtTheProviderIsOneToo(string schemes)
    {
        await using var shop = await Shop.Start(map: web => web.MapGet("/leave", () => Results.SignOut(authenticationSchemes: schemes.Split(','))));

        Assert.Equal(schemes.Split(',')[^1], (await SignedOutOnce(shop, "/leave")).Text("security_audit.authn.scheme"));
    }

    [Fact]
    public async Task ASchemeThatForwardsToTheProviderBeginsASignInAndDeniesNothing()
    {
        await using var shop = await Shop.Start(build: builder =>
            builder.Services.AddAuthentication().AddPolicyScheme("smart", null, smart => smart.ForwardDefault = "oidc"));

        await shop.Begin("smart");

        await shop.App.Audit.RecordAsync(Some.Event("after"));
        Assert.Empty(await shop.App.Events("authz_fail"));
    }

    [Fact]
    public async Task ASessionThatAnotherProviderBeganIsNoInvalidCredential()
    {
        await using var shop = await Shop.Start(
            build: builder => builder.Services.AddAuthorization(),
            map: web =>
            {
                web.UseAuthorization();
                web.MapGet("/members", () => "members").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "oauth,Cookies" });
            });
        await shop.SignIn("oidc");

        using var answer = await shop.App.Client.GetAsync("/members", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await shop.App.Audit.RecordAsync(Some.Event("after"));
        Assert.Empty(await shop.App.Events("authn_credential_invalid"));
    }
}
