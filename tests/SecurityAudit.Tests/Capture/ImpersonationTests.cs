using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Capture;

public sealed class ImpersonationTests
{
    private static void Map(WebApplication web)
    {
        web.MapPost("/login", (HttpContext context, string name) => context.SignInAsync(Some.Principal(name)));
        web.MapPost("/act", (HttpContext context, string name) => context.SignInAsync(Some.Principal(name)));
        web.MapPost("/replace", async (HttpContext context, string name) =>
        {
            await context.SignOutAsync();
            context.User = new ClaimsPrincipal(new ClaimsIdentity());
            await context.SignInAsync(Some.Principal(name));
        });
        web.MapPost("/renew", async (HttpContext context) => await context.SignInAsync(context.User));
        web.MapPost("/claims", (HttpContext context, string type, string value) =>
        {
            var victim = Some.Principal("ann");
            ((ClaimsIdentity)victim.Identity!).AddClaim(new Claim(type, value));
            return context.SignInAsync(victim);
        });
        web.MapPost("/reported", async (HttpContext context, ISecurityAudit audit, string name) =>
        {
            await audit.SignedInAsync(Some.User(name), "password");
            await context.SignInAsync(Some.Principal(name));
        });
        web.MapPost("/logout", (HttpContext context) => context.SignOutAsync());
        web.MapPost("/order", () => "").WithAudit("order.place");
    }

    private static async Task<RecordedApp> Start(string signedIn = "admin")
    {
        var app = await RecordedApp.Start(Map);
        await app.Client.PostAsync("/login?name=" + signedIn, null);
        return app;
    }

    private static void IsBy(JsonElement e, string actor, string effective) => Assert.Equal(
        ($"id-{actor}", actor, $"id-{effective}", effective),
        (e.Text("user.id"), e.Text("user.name"), e.Text("user.effective.id"), e.Text("user.effective.name")));

    [Theory]
    [InlineData("/act?name=ann")]
    [InlineData("/replace?name=ann")]
    public async Task WhoActsAsSomebodyElseIsInTheEventAndInEachLaterOneOfTheSession(string path)
    {
        await using var app = await Start();

        await app.Client.PostAsync(path, null);
        await app.Client.PostAsync("/order", null);

        var begun = await app.Event("authn_impersonation_start");
        IsBy(begun, "admin", "ann");
        Assert.Equal("admin began to act as ann.", begun.Text("message"));
        Assert.Equal("inferred", begun.Text("security_audit.authn.evidence"));
        IsBy(await app.Event("order.place"), "admin", "ann");
        IsBy((await app.Events("session_created", count: 2))[1], "admin", "ann");
        Assert.Equal("admin, as ann, did order.place.", (await app.Event("order.place")).Text("message"));
        Assert.Contains("ann", begun.Texts("related.user"));
    }

    [Fact]
    public async Task WhoGoesBackCeasesToActAsSomebodyElse()
    {
        await using var app = await Start();

        await app.Client.PostAsync("/act?name=ann", null);
        await app.Client.PostAsync("/renew", null);
        await app.Client.PostAsync("/act?name=admin", null);
        await app.Client.PostAsync("/order", null);

        await app.Event("authn_impersonation_start");
        IsBy(await app.Event("authn_impersonation_end"), "admin", "ann");
        var order = await app.Event("order.place");
        Assert.Equal("admin", order.Text("user.name"));
        Assert.Null(order.Text("user.effective.name"));
    }

    [Theory]
    [InlineData("/logout")]
    [InlineData("/replace?name=admin")]
    public async Task WhoSignsOutCeasesToActAsSomebodyElseOnce(string path)
    {
        await using var app = await Start();

        await app.Client.PostAsync("/act?name=ann", null);
        await app.Client.PostAsync(path, null);

        IsBy(await app.Event("authn_impersonation_end"), "admin", "ann");
        IsBy(await app.Event("session_logout"), "admin", "ann");
    }

    [Fact]
    public async Task WhoActsAsOneAfterAnotherIsStillWhoTheyAre()
    {
        await using var app = await Start();

        await app.Client.PostAsync("/act?name=ann", null);
        await app.Client.PostAsync("/act?name=bob", null);

        IsBy((await app.Events("authn_impersonation_start", count: 2))[1], "admin", "bob");
    }

    [Theory]
    [InlineData("/login?name=bob")]
    [InlineData("/reported?name=bob")]
    [InlineData("/renew")]
    public async Task WhoSignsInAgainOrAsThemselvesInTheirOwnRightActsAsNobodyElse(string path)
    {
        await using var app = await Start();

        await app.Client.PostAsync(path, null);

        await app.Audit.RecordAsync(Some.Event("after"));
        Assert.Empty(await app.Events("authn_impersonation_start"));
        Assert.All(await app.Events("session_created"), e => Assert.Null(e.Text("user.effective.name")));
    }

    [Theory]
    [InlineData("OriginalUserId", "id-admin")]
    [InlineData("impersonator_user_id", "id-admin")]
    [InlineData("https://shop.example/claims/impersonator_userid", "id-admin")]
    [InlineData("ImpersonatorUserName", "admin")]
    [InlineData("act", """{"sub":"id-admin","preferred_username":"admin"}""")]
    public async Task TheClaimsThatSayWhoActsAreBelievedAndInEachLaterEvent(string type, string value)
    {
        await using var app = await Start();

        await app.Client.PostAsync($"/claims?type={Uri.EscapeDataString(type)}&value={Uri.EscapeDataString(value)}", null);
        await app.Client.PostAsync("/order", null);

        var begun = await app.Event("authn_impersonation_start");
        IsBy(begun, "admin", "ann");
        Assert.Null(begun.Text("security_audit.authn.evidence"));
        var order = await app.Event("order.place");
        Assert.Equal("ann", order.Text("user.effective.name"));
        Assert.True(order.Text("user.id") == "id-admin" || order.Text("user.name") == "admin");
    }

    [Theory]
    [InlineData("ImpersonatorTenantId", "7")]
    [InlineData("act", "comedy")]
    [InlineData("act", "{}")]
    [InlineData("OriginalUserAgent", "Mozilla")]
    public async Task OtherClaimsSayNothingOfWhoActs(string type, string value)
    {
        await using var app = await RecordedApp.Start(Map);

        await app.Client.PostAsync($"/claims?type={type}&value={value}", null);

        Assert.Null((await app.Event("session_created")).Text("user.effective.name"));
        Assert.Empty(await app.Events("authn_impersonation_start"));
    }

    [Fact]
    public async Task AnAdministratorWhoIsSignedInAsAnotherThroughIdentityIsSeenAndOneWhoKnowsThePasswordIsNot()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();
        await host.Existing("bob");
        await host.Existing("admin");
        await host.Login("admin");
        await host.Login("bob");
        await host.Login("admin");
        Assert.DoesNotContain("authn_impersonation_start", host.Audit.Actions);
        await host.InRequest(async context =>
        {
            var users = context.RequestServices.GetRequiredService<UserManager<ShopUser>>();
            await context.RequestServices.GetRequiredService<SignInManager<ShopUser>>().SignInAsync((await users.FindByNameAsync("ann"))!, isPersistent: false);
        });

        var begun = host.Audit.The("authn_impersonation_start");
        Assert.Equal(("admin", "ann"), (begun.User!.Name, begun.Effective!.Name));
        Assert.Null(begun["security_audit.authn.evidence"]);
        var signedIn = host.Audit.Events.Single(e => e is { Action: "authn_login_success", Effective: not null });
        Assert.Equal(("admin", "ann"), (signedIn.User!.Name, signedIn.Effective!.Name));
    }
}
