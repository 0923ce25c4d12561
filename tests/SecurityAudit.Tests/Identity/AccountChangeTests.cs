using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Tests.Identity;

public sealed class AccountChangeTests
{
    [Fact]
    public async Task AnAccountCreatedIsRecordedOnce()
    {
        await using var host = await IdentityHost.Start();
        var bob = new ShopUser { UserName = "bob", Email = "bob@example.org" };

        await host.WithUsers(users => users.CreateAsync(bob, IdentityHost.Password));

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("user_created", EventOutcome.Success), (recorded.Action, recorded.Outcome));
        Assert.Equal((bob.Id, "bob", "bob@example.org"), (recorded.Target!.Id, recorded.Target.Name, recorded.Target.Email));
    }

    [Theory]
    [InlineData("ann", IdentityHost.Password, "DuplicateUserName")]
    [InlineData("bob", "short", "PasswordTooShort")]
    public async Task AnAccountThatCouldNotBeCreatedIsAFailure(string name, string password, string reason)
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await host.WithUsers(users => users.CreateAsync(new ShopUser { UserName = name }, password));

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("user_created", EventOutcome.Failure, reason), (recorded.Action, recorded.Outcome, recorded.Reason));
        Assert.Null(recorded.Target!.Id);
    }

    [Fact]
    public async Task AnAccountDeletedIsRecordedOnce()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();

        await OnAnn(host, (users, user) => users.DeleteAsync(user));

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("user_deleted", ann.Id, "ann"), (recorded.Action, recorded.Target!.Id, recorded.Target.Name));
    }

    [Fact]
    public async Task RolesGivenAndTakenAreRecordedByName()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();
        await Roles(host, "admin", "clerk");

        await OnAnn(host, (users, user) => users.AddToRolesAsync(user, ["admin", "clerk"]));
        await OnAnn(host, (users, user) => users.RemoveFromRoleAsync(user, "admin"));

        Assert.Equal(["authz_change", "authz_change"], host.Audit.Actions);
        AssertChange(host.Audit.Events[0], "role", [], ["admin", "clerk"], ann);
        AssertChange(host.Audit.Events[1], "role", ["admin"], [], ann);
    }

    [Fact]
    public async Task ClaimsAreRecordedBeforeAndAfter()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();

        await OnAnn(host, (users, user) => users.AddClaimAsync(user, new Claim("limit", "100")));
        await OnAnn(host, (users, user) => users.ReplaceClaimAsync(user, new Claim("limit", "100"), new Claim("limit", "9999")));
        await OnAnn(host, (users, user) => users.RemoveClaimAsync(user, new Claim("limit", "9999")));

        Assert.Equal(3, host.Audit.Events.Count);
        AssertChange(host.Audit.Events[0], "claim", [], ["limit=100"], ann);
        AssertChange(host.Audit.Events[1], "claim", ["limit=100"], ["limit=9999"], ann);
        AssertChange(host.Audit.Events[2], "claim", ["limit=9999"], [], ann);
    }

    [Fact]
    public async Task RolesThemselvesAndTheirClaimsAreRecorded()
    {
        await using var host = await IdentityHost.Start();

        await host.InRequest(async context =>
        {
            var roles = context.RequestServices.GetRequiredService<RoleManager<IdentityRole>>();
            var role = new IdentityRole("clerk");
            await roles.CreateAsync(role);
            await roles.AddClaimAsync(role, new Claim("may", "refund"));
            await roles.SetRoleNameAsync(role, "senior");
            await roles.UpdateAsync(role);
            await roles.RemoveClaimAsync(role, new Claim("may", "refund"));
            await roles.DeleteAsync(role);
        });

        Assert.All(host.Audit.Events, recorded => Assert.Equal("authz_change", recorded.Action));
        Assert.Equal(
            [
                ("role_definition", "", "clerk", "clerk"), ("role_claim", "", "may=refund", "clerk"), ("role_definition", "clerk", "senior", "senior"),
                ("role_claim", "may=refund", "", "senior"), ("role_definition", "senior", "", "senior"),
            ],
            host.Audit.Events.Select(recorded => (
                (string)recorded["security_audit.change.kind"]!, Joined(recorded, "before"), Joined(recorded, "after"), (string)recorded["group.name"]!)));
    }

    [Fact]
    public async Task AChangedPasswordIsRecordedAndIsNoSignIn()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();

        await OnAnn(host, (users, user) => users.ChangePasswordAsync(user, IdentityHost.Password, "0ther-Passw0rd"));

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("authn_password_change", ann.Id), (recorded.Action, recorded.Target!.Id));
    }

    [Fact]
    public async Task APasswordChangeWithTheWrongOldPasswordIsAFailure()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();

        await OnAnn(host, (users, user) => users.ChangePasswordAsync(user, "wrong", "0ther-Passw0rd"));

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("authn_password_change_fail", "PasswordMismatch", EventOutcome.Failure), (recorded.Action, recorded.Reason, recorded.Outcome));
        Assert.Equal((ann.Id, "ann"), (recorded.Target!.Id, recorded.Target.Name));
    }

    [Fact]
    public async Task AResetPasswordIsToldFromAChangedOne()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();

        await OnAnn(host, async (users, user) => await users.ResetPasswordAsync(user, await users.GeneratePasswordResetTokenAsync(user), "0ther-Passw0rd"));
        await host.WithUsers(async users => await users.ResetPasswordAsync((await users.FindByNameAsync("ann"))!, "forged", "0ther-Passw0rd"));

        Assert.Equal(["authn_password_reset_requested", "authn_password_reset", "authn_password_change_fail"], host.Audit.Actions);
        Assert.All(host.Audit.Events, recorded => Assert.Equal((ann.Id, "ann"), (recorded.Target!.Id, recorded.Target.Name)));
        Assert.Equal("InvalidToken", host.Audit.Events[2].Reason);
    }

    [Fact]
    public async Task ABetterHashOfTheSamePasswordIsNoChange()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();
        await host.InRequest(async context =>
        {
            var weak = new PasswordHasher<ShopUser>(Options.Create(new PasswordHasherOptions { IterationCount = 5 }));
            var users = context.RequestServices.GetRequiredService<ShopDb>().Users;
            await users.Where(user => user.Id == ann.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(user => user.PasswordHash, weak.HashPassword(ann, IdentityHost.Password)));
        });
        host.Audit.Clear();

        await host.Login("ann");

        Assert.Equal("authn_login_success", Assert.Single(host.Audit.Events).Action);
    }

    [Fact]
    public async Task AnAdministratorsLockAndUnlockAreRecordedWithTheirEnd()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();

        await OnAnn(host, (users, user) => users.SetLockoutEndDateAsync(user, new DateTimeOffset(2199, 1, 2, 3, 4, 5, TimeSpan.Zero)));
        await OnAnn(host, (users, user) => users.SetLockoutEndDateAsync(user, null));

        var locked = host.Audit.The("authn_login_lock");
        Assert.Equal(("other", ann.Id), (locked.Reason, locked.Target!.Id));
        Assert.Equal("2199-01-02T03:04:05Z", Joined(locked, "after"));
        Assert.Equal(("2199-01-02T03:04:05Z", ""), (Joined(host.Audit.The("authn_unlock"), "before"), Joined(host.Audit.The("authn_unlock"), "after")));
        Assert.Equal(2, host.Audit.Events.Count);
    }

    [Fact]
    public async Task AChangedAddressIsRecordedBeforeAndAfter()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await OnAnn(host, (users, user) => users.SetEmailAsync(user, "new@example.org"));

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("user_email_changed", "ann@example.org", "new@example.org"), (recorded.Action, Joined(recorded, "before"), Joined(recorded, "after")));
    }

    [Fact]
    public async Task PropertiesOfTheApplicationsOwnAreNamedWithoutTheirValues()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await OnAnn(host, (users, user) =>
        {
            user.FavouriteColour = "mauve";
            return users.UpdateAsync(user);
        });

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("user_updated", "profile"), (recorded.Action, recorded["security_audit.change.kind"]));
        Assert.Equal("FavouriteColour", Assert.Single(recorded.Attributes).Value);
    }

    [Fact]
    public async Task SecondFactorAndRecoveryCodesAreRecordedWithoutTheirSecrets()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await OnAnn(host, async (users, user) =>
        {
            await users.ResetAuthenticatorKeyAsync(user);
            await users.SetTwoFactorEnabledAsync(user, enabled: true);
            await users.GenerateNewTwoFactorRecoveryCodesAsync(user, 5);
        });

        Assert.Equal(["authenticator_key", "two_factor", "recovery_codes"], host.Audit.Events.Select(Kind).Where(kind => kind != "security_stamp"));
    }

    [Fact]
    public async Task UserManagerBypassedByTheDatabaseIsSeenAllTheSame()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();
        await Roles(host, "admin");

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<ShopDb>();
            var role = await database.Roles.SingleAsync();
            database.UserRoles.Add(new IdentityUserRole<string> { UserId = ann.Id, RoleId = role.Id });
            await database.SaveChangesAsync();
        });

        var recorded = Assert.Single(host.Audit.Events);
        AssertChange(recorded, "role", [], ["admin"], ann, named: false);
    }

    [Fact]
    public async Task AChangeThatIsRolledBackIsNotRecorded()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await InTransaction(host, transaction => transaction.RollbackAsync());
        await InTransaction(host, transaction => Task.CompletedTask);

        Assert.Empty(host.Audit.Events);
    }

    [Fact]
    public async Task AChangeInATransactionIsRecordedAtItsCommit()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await InTransaction(host, transaction =>
        {
            Assert.Empty(host.Audit.Events);
            return transaction.CommitAsync();
        });

        Assert.Equal("user_email_changed", Assert.Single(host.Audit.Events).Action);
    }

    [Fact]
    public async Task AChangeThatTheDatabaseRefusesIsAFailure()
    {
        await using var host = await IdentityHost.Start();

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<ShopDb>();
            database.UserRoles.Add(new IdentityUserRole<string> { UserId = "no such user", RoleId = "no such role" });
            await Assert.ThrowsAsync<DbUpdateException>(() => database.SaveChangesAsync());
        });

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("authz_change", EventOutcome.Failure, "DbUpdateException"), (recorded.Action, recorded.Outcome, recorded.Reason));
    }

    [Fact]
    public async Task AChangeThatSomebodyElseOvertookIsOneFailure()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();

        await OnAnn(host, async (users, user) =>
        {
            await host.WithOwnScope(async other => await other.SetPhoneNumberAsync((await other.FindByIdAsync(ann.Id))!, "1"));
            host.Audit.Clear();
            Assert.False((await users.SetEmailAsync(user, "new@example.org")).Succeeded);
        });

        var failed = Assert.Single(host.Audit.Events, recorded => recorded.Outcome == EventOutcome.Failure);
        Assert.Equal(("user_email_changed", "DbUpdateConcurrencyException"), (failed.Action, failed.Reason));
        Assert.Single(host.Audit.Events);
    }

    [Fact]
    public async Task ARefusedChangeIsAFailureWithItsCode()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();
        await Roles(host, "admin");

        await OnAnn(host, (users, user) => users.RemoveFromRoleAsync(user, "admin"));

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("authz_change", EventOutcome.Failure, "UserNotInRole"), (recorded.Action, recorded.Outcome, recorded.Reason));
    }

    [Fact]
    public async Task ChangesOutsideOfRequestsAreRecorded()
    {
        await using var host = await IdentityHost.Start();

        await host.WithOwnScope(users => users.CreateAsync(new ShopUser { UserName = "job" }, IdentityHost.Password));

        Assert.Equal(("user_created", "job"), (Assert.Single(host.Audit.Events).Action, host.Audit.Events[0].Target!.Name));
    }

    [Fact]
    public async Task RolesAndAccountsSeededBeforeTheStartAreRecorded()
    {
        await using var host = await IdentityHost.Start(seed: async services =>
        {
            await services.GetRequiredService<RoleManager<IdentityRole>>().CreateAsync(new IdentityRole("admin"));
            await services.GetRequiredService<UserManager<ShopUser>>().CreateAsync(new ShopUser { UserName = "root" }, IdentityHost.Password);
        });

        Assert.Equal(["authz_change", "user_created"], host.Audit.Actions);
    }

    [Fact]
    public async Task ASignInAfterFailuresSaysHowMany()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await host.Login("ann", "wrong");
        await host.Login("ann", "wrong");
        await host.Login("ann");

        Assert.Equal(2, host.Audit.The("authn_login_successafterfail")["security_audit.authn.failures"]);
    }

    [Fact]
    public async Task ATryWhileLockedNamesTheAccount()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing(prepare: (users, user) => users.SetLockoutEndDateAsync(user, DateTimeOffset.UtcNow.AddHours(1)));

        await host.Login("ann");

        Assert.Equal((ann.Id, "ann"), (Assert.Single(host.Audit.Events).User!.Id, host.Audit.Events[0].User!.Name));
    }

    [Fact]
    public async Task NoSecretIsInAnyEvent()
    {
        await using var host = await IdentityHost.Start();
        List<string?> secrets = [IdentityHost.Password, "0ther-Passw0rd", "wr0ng-Passw0rd"];
        await host.Existing();
        async Task Keep() => await host.WithOwnScope(async users =>
        {
            var user = (await users.FindByNameAsync("ann"))!;
            secrets.AddRange([user.PasswordHash, user.SecurityStamp, user.ConcurrencyStamp, await users.GetAuthenticatorKeyAsync(user)]);
        });

        await Keep();
        await host.Login("ann", "wr0ng-Passw0rd");
        await host.Login("nobody", "wr0ng-Passw0rd");
        await host.Login("ann");
        await OnAnn(host, async (users, user) =>
        {
            await users.ChangePasswordAsync(user, IdentityHost.Password, "0ther-Passw0rd");
            var token = await users.GeneratePasswordResetTokenAsync(user);
            secrets.Add(token);
            await users.ResetPasswordAsync(user, token, IdentityHost.Password);
            await users.ResetAuthenticatorKeyAsync(user);
            secrets.AddRange((await users.GenerateNewTwoFactorRecoveryCodesAsync(user, 5))!);
            await users.SetAuthenticationTokenAsync(user, "provider", "access_token", "s3cret-access-token");
            secrets.Add("s3cret-access-token");
            await users.AddLoginAsync(user, new UserLoginInfo("provider", "pr0vider-key", "Provider"));
            secrets.Add("pr0vider-key");
            await users.SetEmailAsync(user, "new@example.org");
            await users.UpdateSecurityStampAsync(user);
            await users.DeleteAsync(user);
        });

        Assert.True(host.Audit.Events.Count > 8);
        var written = await host.Journal();
        Assert.Contains("new@example.org", written, StringComparison.Ordinal);
        Assert.All(secrets.Where(secret => secret is not null), secret => Assert.DoesNotContain(secret!, written, StringComparison.Ordinal));
    }

    private static string Show(object? value) => value is System.Collections.IEnumerable and not string
        ? string.Join(',', ((System.Collections.IEnumerable)value).Cast<object>())
        : value?.ToString() ?? string.Empty;

    private static string Kind(SecurityEvent recorded) => (string)recorded["security_audit.change.kind"]!;

    private static string Joined(SecurityEvent recorded, string side) => Show(recorded["security_audit.change." + side]);

    private static void AssertChange(SecurityEvent recorded, string kind, string[] before, string[] after, ShopUser target, bool named = true)
    {
        Assert.Equal((kind, string.Join(',', before), string.Join(',', after)), (Kind(recorded), Joined(recorded, "before"), Joined(recorded, "after")));
        Assert.Equal((target.Id, named ? target.UserName : null), (recorded.Target!.Id, recorded.Target.Name));
    }

    private static Task<HttpResponseMessage> OnAnn(IdentityHost host, Func<UserManager<ShopUser>, ShopUser, Task> change) =>
        host.WithUsers(async users => await change(users, (await users.FindByNameAsync("ann"))!));

    private static async Task Roles(IdentityHost host, params string[] names)
    {
        await host.InRequest(async context =>
        {
            var roles = context.RequestServices.GetRequiredService<RoleManager<IdentityRole>>();
            foreach (var name in names)
            {
                await roles.CreateAsync(new IdentityRole(name));
            }
        });
        host.Audit.Clear();
    }

    private static Task<HttpResponseMessage> InTransaction(IdentityHost host, Func<IDbContextTransaction, Task> end) => host.InRequest(async context =>
    {
        var users = context.RequestServices.GetRequiredService<UserManager<ShopUser>>();
        var user = (await users.FindByNameAsync("ann"))!;
        await using var transaction = await context.RequestServices.GetRequiredService<ShopDb>().Database.BeginTransactionAsync();
        Assert.True((await users.SetEmailAsync(user, "new@example.org")).Succeeded);
        await end(transaction);
    });
}
