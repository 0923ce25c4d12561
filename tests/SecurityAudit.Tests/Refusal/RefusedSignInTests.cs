using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Journal;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Refusal;

/// <summary>Every door through which somebody may try a secret, with the journal down and the owner's choice Refuse.</summary>
public sealed class RefusedSignInTests
{
    /// <summary>Sign-ins as applications write them; each answers what it found, as far as it is let.</summary>
    private static void Map(WebApplication app)
    {
        app.MapPost("/sign-in", async (string name, string password, SignInManager<ShopUser> manager) =>
            Answer((await manager.PasswordSignInAsync(name, password, isPersistent: false, lockoutOnFailure: true)).Succeeded));
        app.MapPost("/check-sign-in", async (string name, string password, SignInManager<ShopUser> manager, UserManager<ShopUser> users) =>
            Answer(await users.FindByNameAsync(name) is { } user && (await manager.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true)).Succeeded));
        app.MapPost("/own-login", async (string name, string password, UserManager<ShopUser> users) =>
            Answer(await users.FindByNameAsync(name) is { } user && await users.CheckPasswordAsync(user, password)));
        app.MapPost("/own-hasher", async (string name, string password, UserManager<ShopUser> users, IPasswordHasher<ShopUser> hasher) =>
            Answer(await users.FindByNameAsync(name) is { PasswordHash: { } hash } user && hasher.VerifyHashedPassword(user, hash, password) != PasswordVerificationResult.Failed));
        app.MapPost("/swallowing", async (string name, string password, SignInManager<ShopUser> manager) =>
        {
            try
            {
                return Answer((await manager.PasswordSignInAsync(name, password, isPersistent: false, lockoutOnFailure: true)).Succeeded);
            }
            catch (JournalUnavailableException)
            {
                return Answer(succeeded: true);
            }
        });
        app.MapPost("/own-cookie", (string name, string password, HttpContext context) => password == IdentityHost.Password
            ? context.SignInAsync(IdentityConstants.ApplicationScheme, Some.Principal(name))
            : context.ForbidAsync(IdentityConstants.ApplicationScheme));
    }

    private static IResult Answer(bool succeeded) =>
        succeeded ? Results.Ok("welcome") : Results.Json("wrong name or password", statusCode: StatusCodes.Status401Unauthorized);

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/check-sign-in")]
    [InlineData("/own-login")]
    [InlineData("/own-hasher")]
    [InlineData("/swallowing")]
    [InlineData("/own-cookie")]
    public async Task WhereTheOwnerChoseRefuseRightWrongAndUnknownGetTheSameAnswerWhileTheJournalIsDown(string door)
    {
        await using var host = await IdentityHost.Start(configure: BrokenJournal.Refuse, map: Map);
        await host.Existing();
        await host.Existing("locked", (users, user) => users.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue));
        await BrokenJournal.Down(host);

        foreach (var (name, password) in ((string, string)[])[("ann", IdentityHost.Password), ("ann", "wrong"), ("nobody", "wrong"), ("locked", IdentityHost.Password)])
        {
            AssertRefused(await Post(host, door, name, password));
        }

        Assert.Empty(host.Audit.Events);
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseNoPasswordIsLookedAtWhileTheJournalIsDown()
    {
        var hasher = new CountingHasher();
        await using var host = await IdentityHost.Start(
            configure: BrokenJournal.Refuse,
            identity: services =>
            {
                IdentityHost.AddCookieIdentity(services);
                services.AddSingleton<IPasswordHasher<ShopUser>>(hasher);
            },
            map: Map);
        await host.Existing();
        await BrokenJournal.Down(host);

        foreach (var door in (string[])["/sign-in", "/check-sign-in", "/own-login", "/own-hasher"])
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Post(host, door, "ann", IdentityHost.Password)).StatusCode);
        }

        Assert.Equal(0, hasher.Verified);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhereTheOwnerChoseRefuseNoSecondFactorIsAcceptedOrRefusedWhileTheJournalIsDown(bool recoveryCode)
    {
        string[] right = ["", ""];
        await using var host = await IdentityHost.Start(configure: BrokenJournal.Refuse, map: app =>
        {
            app.MapPost("/code", async (string code, SignInManager<ShopUser> manager) =>
                Answer((await manager.TwoFactorAuthenticatorSignInAsync(code, isPersistent: false, rememberClient: false)).Succeeded));
            app.MapPost("/recovery", async (string code, SignInManager<ShopUser> manager) =>
                Answer((await manager.TwoFactorRecoveryCodeSignInAsync(code)).Succeeded));
        });
        var ann = await host.Existing(prepare: async (users, user) =>
        {
            await users.ResetAuthenticatorKeyAsync(user);
            await users.SetTwoFactorEnabledAsync(user, enabled: true);
            right = [Totp.Of((await users.GetAuthenticatorKeyAsync(user))!), (await users.GenerateNewTwoFactorRecoveryCodesAsync(user, 2))!.First()];
        });
        await host.Login("ann");
        var broken = await BrokenJournal.Down(host);
        var door = recoveryCode ? "/recovery" : "/code";

        foreach (var code in (string[])[recoveryCode ? right[1] : right[0], "000000"])
        {
            AssertRefused(await host.Client.PostAsync($"{door}?code={code}", null));
        }

        await broken.Mend();
        await host.WithUsers(async users => Assert.Equal(2, await users.CountRecoveryCodesAsync((await users.FindByIdAsync(ann.Id))!)));
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseNoPasskeyIsLookedAtWhileTheJournalIsDown()
    {
        await using var host = await IdentityHost.Start(
            configure: BrokenJournal.Refuse,
            identity: services =>
            {
                IdentityHost.AddCookieIdentity(services);
                services.Configure<IdentityOptions>(options => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3);
            },
            map: app =>
            {
                app.MapPost("/options", (SignInManager<ShopUser> manager) => manager.MakePasskeyRequestOptionsAsync(null));
                app.MapPost("/passkey", async (SignInManager<ShopUser> manager) => Answer((await manager.PasskeySignInAsync("{}")).Succeeded));
            });
        await host.Client.PostAsync("/options", null);
        var broken = await BrokenJournal.Down(host);

        AssertRefused(await host.Client.PostAsync("/passkey", null));

        await broken.Mend();
        await host.Client.PostAsync("/options", null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.PostAsync("/passkey", null)).StatusCode);
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseIdentityApiEndpointsGiveNoTokenWhileTheJournalIsDown()
    {
        await using var host = await IdentityHost.Start(configure: BrokenJournal.Refuse, identity: IdentityHost.AddApiIdentity);
        await host.Existing(prepare: async (users, user) => await users.ConfirmEmailAsync(user, await users.GenerateEmailConfirmationTokenAsync(user)));
        var login = new { email = "ann", password = IdentityHost.Password };
        var answer = await (await host.Client.PostAsJsonAsync("/login", login)).Content.ReadFromJsonAsync<AccessTokenResponse>();
        var broken = await BrokenJournal.Down(host);

        AssertRefused(await host.Client.PostAsJsonAsync("/login", login));
        AssertRefused(await host.Client.PostAsJsonAsync("/login", login with { password = "wrong" }));
        AssertRefused(await host.Client.PostAsJsonAsync("/login?useCookies=true", login));
        AssertRefused(await host.Client.PostAsJsonAsync("/refresh", new { refreshToken = answer!.RefreshToken }));
        AssertRefused(await host.Client.PostAsJsonAsync("/refresh", new { refreshToken = "forged" }));
        AssertRefused(await host.Client.PostAsJsonAsync("/register", new { email = "new@example.org", password = IdentityHost.Password }));
        foreach (var email in (string[])["ann@example.org", "nobody@example.org"])
        {
            AssertRefused(await host.Client.PostAsJsonAsync("/resetPassword", new { email, resetCode = "Z3Vlc3M", newPassword = IdentityHost.Password }));
        }

        await broken.Mend();
        Assert.Equal(HttpStatusCode.OK, (await host.Client.PostAsJsonAsync("/login", login)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.PostAsJsonAsync("/refresh", new { refreshToken = answer.RefreshToken })).StatusCode);
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseNobodySignsInFromElsewhereWhileTheJournalIsDown()
    {
        await using var host = await IdentityHost.Start(configure: BrokenJournal.Refuse, map: app =>
            app.MapPost("/external", async (string key, SignInManager<ShopUser> manager) =>
                Answer((await manager.ExternalLoginSignInAsync("Elsewhere", key, isPersistent: false, bypassTwoFactor: true)).Succeeded)));
        await host.Existing(prepare: (users, user) => users.AddLoginAsync(user, new UserLoginInfo("Elsewhere", "key", "Elsewhere")));
        await BrokenJournal.Down(host);

        AssertRefused(await host.Client.PostAsync("/external?key=key", null));
        AssertRefused(await host.Client.PostAsync("/external?key=other", null));
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseSignInsWorkAgainByThemselvesWhenTheJournalIsBack()
    {
        await using var host = await IdentityHost.Start(configure: BrokenJournal.Refuse, map: Map);
        await host.Existing();
        var broken = await BrokenJournal.Down(host);
        AssertRefused(await Post(host, "/sign-in", "ann", IdentityHost.Password));

        await broken.Mend();

        Assert.Equal(HttpStatusCode.OK, (await Post(host, "/sign-in", "ann", IdentityHost.Password)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Post(host, "/sign-in", "ann", "wrong")).StatusCode);
        Assert.Equal(["authn_login_success", "authn_login_fail"], host.Audit.Actions);
        Assert.DoesNotContain("journal.gap", await host.Journal(), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> Post(IdentityHost host, string door, string name, string password) =>
        host.Client.PostAsync($"{door}?name={name}&password={Uri.EscapeDataString(password)}", null);

    /// <summary>503, and nothing in it that differs from case to case.</summary>
    private static void AssertRefused(HttpResponseMessage refused)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(0, refused.Content.Headers.ContentLength);
        Assert.Equal(["Date", "Server"], refused.Headers.Select(header => header.Key).Order(StringComparer.Ordinal));
    }

    private sealed class CountingHasher : PasswordHasher<ShopUser>
    {
        public int Verified { get; private set; }

        public override PasswordVerificationResult VerifyHashedPassword(ShopUser user, string hashedPassword, string providedPassword)
        {
            Verified++;
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }

    private sealed record AccessTokenResponse(string AccessToken, string RefreshToken);
}
