using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Identity;

/// <summary>What <c>UserManager</c> itself refuses does not come to the database.</summary>
public sealed class RefusedChangeTests
{
    private static readonly Dictionary<string, Func<UserManager<ShopUser>, ShopUser, Task>> Refusals = new()
    {
        ["UserAlreadyInRole"] = (users, ann) => users.AddToRoleAsync(ann, "admin"),
        ["UserNotInRole"] = (users, ann) => users.RemoveFromRoleAsync(ann, "clerk"),
        ["InvalidToken"] = (users, ann) => users.ConfirmEmailAsync(ann, "forged"),
        ["LoginAlreadyAssociated"] = (users, ann) => users.AddLoginAsync(ann, new UserLoginInfo("provider", "key", null)),
        ["UserAlreadyHasPassword"] = (users, ann) => users.AddPasswordAsync(ann, "0ther-Passw0rd"),
    };

    public static TheoryData<string> Codes => [.. Refusals.Keys];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task AChangeThatUserManagerRefusesNamesTheOnlyAccountThatWasLoadedAsInferred(string code)
    {
        await using var host = await Start();

        await host.WithUsers(async users => await Refusals[code](users, (await users.FindByIdAsync("id-ann"))!));

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal((EventOutcome.Failure, code, "id-ann", "ann"), (recorded.Outcome, recorded.Reason, recorded.Target!.Id, recorded.Target.Name));
        Assert.Equal("account", Of(recorded, "inferred"));
    }

    [Fact]
    public async Task AChangeThatUserManagerRefusesNamesNobodyWhereSeveralAccountsWereLoaded()
    {
        await using var host = await Start();
        await host.Existing("bob");

        await host.WithUsers(async users =>
        {
            await users.Users.ToListAsync();
            await users.AddToRoleAsync((await users.FindByIdAsync("id-ann"))!, "admin");
        });

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("UserAlreadyInRole", null, null, "account"), (recorded.Reason, recorded.Target!.Id, Of(recorded, "inferred"), Of(recorded, "not_known")));
    }

    [Fact]
    public async Task ARefusedPasswordNamesTheAccountForWhichItWasJudged()
    {
        await using var host = await Start();

        await host.WithUsers(async users =>
        {
            await users.Users.ToListAsync();
            var ann = (await users.FindByIdAsync("id-ann"))!;
            await users.ResetPasswordAsync(ann, await users.GeneratePasswordResetTokenAsync(ann), "short");
        });

        var recorded = Assert.Single(host.Audit.Events, e => e.Action != "authn_password_reset_requested");
        Assert.Equal(("authn_password_change_fail", "PasswordTooShort", "id-ann"), (recorded.Action, recorded.Reason, recorded.Target!.Id));
        Assert.Null(Of(recorded, "inferred"));
    }

    [Fact]
    public async Task ARefusedNameOfAnAccountNamesTheAccountByItsIdAndNotByWhatWasTyped()
    {
        await using var host = await Start();
        await host.Existing("bob");

        await host.WithUsers(async users => await users.SetUserNameAsync((await users.FindByIdAsync("id-ann"))!, "bob"));

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal((EventOutcome.Failure, "DuplicateUserName", "id-ann"), (recorded.Outcome, recorded.Reason, recorded.Target!.Id));
    }

    private static async Task<IdentityHost> Start()
    {
        var host = await IdentityHost.Start();
        await host.InRequest(async context =>
        {
            var roles = context.RequestServices.GetRequiredService<RoleManager<IdentityRole>>();
            await roles.CreateAsync(new IdentityRole("admin"));
            await roles.CreateAsync(new IdentityRole("clerk"));
            var users = context.RequestServices.GetRequiredService<UserManager<ShopUser>>();
            var ann = new ShopUser { Id = "id-ann", UserName = "ann", Email = "ann@example.org" };
            await users.CreateAsync(ann, IdentityHost.Password);
            await users.AddToRoleAsync(ann, "admin");
            await users.AddLoginAsync(ann, new UserLoginInfo("provider", "key", null));
            await users.AddClaimAsync(ann, new Claim("limit", "1"));
        });
        host.Audit.Clear();
        return host;
    }

    private static string? Of(SecurityEvent recorded, string attribute) => recorded.Attributes.SingleOrDefault(pair => pair.Key == attribute).Value;
}
