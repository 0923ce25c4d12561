using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Identity;

public sealed class SignInTests
{
    [Fact]
    public async Task ASignInIsRecordedWithTheAccount()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();

        await host.Login("ann");

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal("authn_login_success", recorded.Action);
        Assert.Equal((ann.Id, "ann"), (recorded.User!.Id, recorded.User.Name));
        Assert.Equal("password", recorded["security_audit.authn.method"]);
        Assert.Equal("Identity.Application", recorded["security_audit.authn.scheme"]);
        Assert.Equal(false, recorded["security_audit.authn.mfa"]);
    }

    [Fact]
    public async Task AWrongPasswordIsRecordedWithTheAccount()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();

        await host.Login("ann", "wrong");

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("authn_login_fail", "wrong password", EventOutcome.Failure), (recorded.Action, recorded.Reason, recorded.Outcome));
        Assert.Equal((ann.Id, "ann", true), (recorded.User!.Id, recorded.User.Name, recorded.User.Exists));
    }

    [Fact]
    public async Task AnUnknownUserIsRecordedWithTheClaimedNameAndToldApart()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await host.Login("Nobody At.All");

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("authn_login_fail", "unknown user"), (recorded.Action, recorded.Reason));
        Assert.Equal((false, null), (recorded.User!.Exists, recorded.User.Name));
        Assert.NotNull(recorded["user.hash"]);
        Assert.DoesNotContain("nobody at", await host.Journal(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task AnAttemptIsCountedByTheHashOfItsNameWhetherAnAccountHasThatNameOrNot()
    {
        await using var host = await IdentityHost.Start();
        await host.Login("Ann", "wrong");
        await host.Existing();

        await host.Login("ann", "wrong");
        await host.Login("ann");
        await host.Login("bob", "wrong");

        var hashes = (await host.Recorded()).Where(e => e.Texts("event.category").Contains("authentication")).Select(e => e.Text("user.hash")).ToList();
        Assert.Equal(4, hashes.Count);
        Assert.Single(hashes.Take(3).Distinct());
        Assert.NotEqual(hashes[0], hashes[3]);
        Assert.DoesNotContain(null, hashes);
    }

    [Fact]
    public async Task FourSignInsAreFourSuccessfulAuthenticationsWhateverElseTheyBring()
    {
        await using var host = await IdentityHost.Start(identity: IdentityHost.AddApiIdentity);
        await host.Existing("ann");
        await host.Existing("bob");

        for (var i = 0; i < 2; i++)
        {
            await host.Send(() => host.Client.PostAsJsonAsync("/login?useCookies=true", new { email = "ann", password = IdentityHost.Password }));
            await host.Send(() => host.Client.PostAsJsonAsync("/login", new { email = "bob", password = IdentityHost.Password }));
        }

        for (var wrong = 0; wrong < 4; wrong++)
        {
            await host.Login("bob", "wrong"); // locks the account
        }

        await host.WithUsers(async users => await users.ChangePasswordAsync((await users.FindByNameAsync("ann"))!, IdentityHost.Password, "N3w-passw0rd!"));

        var events = (await host.Recorded()).Where(e => e.Texts("event.category").Contains("authentication")).ToList();
        Assert.Equal(4, events.Count(e => e.Text("event.outcome") == "success"));
        Assert.Equal(4, events.Count(e => e.Text("event.outcome") == "failure"));
    }

    [Fact]
    public async Task AnAccountWithoutAPasswordIsNotAnUnknownUser()
    {
        await using var host = await IdentityHost.Start();
        await host.WithUsers(users => users.CreateAsync(new ShopUser { UserName = "sso" }));
        host.Audit.Clear();

        await host.Login("sso");

        var recorded = host.Audit.The("authn_login_fail");
        Assert.Equal(("no password set", true, "sso"), (recorded.Reason, recorded.User!.Exists, recorded.User.Name));
    }

    [Fact]
    public async Task TheFailureThatLocksTheAccountIsRecordedAsFailureAndAsLock()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();

        await host.Login("ann", "wrong");
        await host.Login("ann", "wrong");
        host.Audit.Clear();
        await host.Login("ann", "wrong");

        Assert.Equal(["authn_login_fail", "authn_login_lock"], host.Audit.Actions.Order());
        var locked = host.Audit.The("authn_login_lock");
        Assert.Equal(("maxretries", ann.Id, "ann"), (locked.Reason, locked.Target!.Id, locked.Target.Name));
    }

    [Fact]
    public async Task ATryWhileLockedIsAFailureAndNoNewLock()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing(prepare: (users, ann) => users.SetLockoutEndDateAsync(ann, DateTimeOffset.UtcNow.AddHours(1)));

        await host.Login("ann");

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("authn_login_fail", "locked out"), (recorded.Action, recorded.Reason));
        Assert.Equal(("ann", true), (recorded.User!.Name, recorded.User.Exists));
    }

    [Fact]
    public async Task AnAccountThatMayNotSignInYetIsRecordedWithTheReason()
    {
        await using var host = await IdentityHost.Start(identity: services =>
        {
            IdentityHost.AddCookieIdentity(services);
            services.Configure<IdentityOptions>(options => options.SignIn.RequireConfirmedEmail = true);
        });
        await host.Existing();

        await host.Login("ann");

        Assert.Equal(("authn_login_fail", "not allowed to sign in"), (Assert.Single(host.Audit.Events).Action, host.Audit.Events[0].Reason));
    }

    [Fact]
    public async Task RenewingASessionIsNoSignIn()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();
        await host.Login("ann");
        host.Audit.Clear();

        await host.InRequest(async context =>
        {
            var signIn = context.RequestServices.GetRequiredService<SignInManager<ShopUser>>();
            var user = await signIn.UserManager.GetUserAsync(context.User);
            await signIn.RefreshSignInAsync(user!);
        });

        Assert.Empty(host.Audit.Events);
    }

    [Fact]
    public async Task ASignInWithoutAPasswordIsRecorded()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await host.WithSignIn(async signIn => await signIn.SignInAsync((await signIn.UserManager.FindByNameAsync("ann"))!, isPersistent: false));

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("authn_login_success", "direct", "ann"), (recorded.Action, recorded["security_audit.authn.method"], recorded.User!.Name));
    }

    [Theory]
    [InlineData(IdentityHost.Password, StatusCodes.Status200OK, "authn_login_success", null)]
    [InlineData("wrong", StatusCodes.Status401Unauthorized, "authn_login_fail", "wrong password")]
    [InlineData(IdentityHost.Password, StatusCodes.Status403Forbidden, "authn_login_fail", "refused although the password was right")]
    public async Task ATokenLoginThatOnlyChecksThePasswordIsDecidedByItsAnswer(string password, int status, string action, string? reason)
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();

        await TokenLogin(host, "ann", password, status);

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal((action, reason, ann.Id, "ann"), (recorded.Action, recorded.Reason, recorded.User!.Id, recorded.User.Name));
    }

    [Fact]
    public async Task ATokenLoginOfAnUnknownUserIsRecordedWithTheClaimedName()
    {
        await using var host = await IdentityHost.Start();

        await TokenLogin(host, "nobody", "whatever", StatusCodes.Status401Unauthorized);

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(
            ("authn_login_fail", "an account was looked up, and the answer was 401", false), (recorded.Action, recorded.Reason, recorded.User!.Exists));
        Assert.NotNull(recorded["user.hash"]);
        Assert.Equal("inferred", recorded["security_audit.authn.evidence"]);
        Assert.Null(recorded["security_audit.authn.method"]);
    }

    [Fact]
    public async Task ATokenLoginThroughSignInManagerLocksOnce()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        for (var i = 0; i < 3; i++)
        {
            await host.WithSignIn(async signIn =>
                await signIn.CheckPasswordSignInAsync((await signIn.UserManager.FindByNameAsync("ann"))!, "wrong", lockoutOnFailure: true));
        }

        Assert.Equal(3, host.Audit.Actions.Count(action => action == "authn_login_fail"));
        Assert.Equal("maxretries", host.Audit.The("authn_login_lock").Reason);
    }

    [Fact]
    public async Task LookingAnAccountUpIsNoSignIn()
    {
        await using var host = await IdentityHost.Start();

        await host.WithUsers(users => users.FindByEmailAsync("somebody@example.org"));

        Assert.Empty(host.Audit.Events);
    }

    [Fact]
    public async Task SomebodySignedInWhoMistypesThePasswordIsNotSignedInAgain()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();
        await host.Login("ann");
        host.Audit.Clear();

        await host.InRequest(async context =>
        {
            var users = context.RequestServices.GetRequiredService<UserManager<ShopUser>>();
            await users.CheckPasswordAsync((await users.GetUserAsync(context.User))!, "wrong");
        });
        await host.InRequest(async context =>
        {
            var users = context.RequestServices.GetRequiredService<UserManager<ShopUser>>();
            await users.CheckPasswordAsync((await users.GetUserAsync(context.User))!, IdentityHost.Password);
        });

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("authn_login_fail", true), (recorded.Action, recorded["security_audit.authn.reauthentication"]));
    }

    private static Task<HttpResponseMessage> TokenLogin(IdentityHost host, string name, string password, int status) => host.InRequest(async context =>
    {
        var users = context.RequestServices.GetRequiredService<UserManager<ShopUser>>();
        var user = await users.FindByNameAsync(name);
        _ = user is not null && await users.CheckPasswordAsync(user, password);
        context.Response.StatusCode = status;
    });
}
