using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Identity;

/// <summary>People type passwords into every box: what was refused, or belongs to nobody, stands nowhere in clear.</summary>
public sealed class TypedNameTests
{
    private static async Task NothingTypedIsIn(IdentityHost host, string typed = "hunter2")
    {
        var journal = await host.Journal();
        Assert.NotEmpty(journal);
        Assert.DoesNotContain(typed, journal, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("hunter2 with a space")]
    [InlineData("hunter2'; DROP")]
    public async Task ARefusedSignUpLeavesTheTypedNameAsItsKeyedHashAlone(string typed)
    {
        await using var host = await IdentityHost.Start();

        await host.WithUsers(users => users.CreateAsync(new ShopUser { UserName = typed, Email = typed + "@hunter2.example" }, IdentityHost.Password));

        await NothingTypedIsIn(host);
        Assert.Contains("\"user.target.hash\"", await host.Journal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASignUpWithATakenNameKeepsTheNameOfTheAccountThatHasIt()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await host.WithUsers(users => users.CreateAsync(new ShopUser { UserName = "ann", Email = "hunter2@x.example" }, IdentityHost.Password));

        await NothingTypedIsIn(host);
        Assert.Contains("DuplicateUserName", await host.Journal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARefusedChangeOfNameOrAddressLeavesNothingOfWhatWasTyped()
    {
        await using var host = await IdentityHost.Start(identity: services =>
            services.AddIdentity<ShopUser, IdentityRole>(options =>
            {
                IdentityHost.Configure(options);
                options.User.RequireUniqueEmail = true;
            }).AddEntityFrameworkStores<ShopDb>().AddDefaultTokenProviders());
        await host.Existing();
        await host.Existing("bob");

        await host.WithUsers(async users => await users.SetUserNameAsync((await users.FindByNameAsync("ann"))!, "hunter2 is it"));
        await host.WithUsers(async users => await users.SetEmailAsync((await users.FindByNameAsync("ann"))!, "hunter2"));
        await host.WithUsers(async users =>
        {
            var ann = (await users.FindByNameAsync("ann"))!;
            (ann.UserName, ann.Email) = ("hunter2 or not", "bob@example.org");
            await users.UpdateAsync(ann);
        });

        await NothingTypedIsIn(host);
    }

    [Fact]
    public async Task AChangeThatTheDatabaseRefusesLeavesNothingOfWhatWasTyped()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();
        await host.Existing("bob");

        await Assert.ThrowsAsync<DbUpdateException>(() => host.InRequest(async context =>
        {
            var db = context.RequestServices.GetRequiredService<ShopDb>();
            var account = await db.Users.SingleAsync(user => user.Id == ann.Id);
            (account.UserName, account.Email, account.PhoneNumber, account.NormalizedUserName) = ("hunter2", "hunter2@x.example", "hunter2", "BOB");
            db.UserClaims.Add(new IdentityUserClaim<string> { UserId = ann.Id, ClaimType = "colour", ClaimValue = "red" });
            await db.SaveChangesAsync();
        }));
        await Assert.ThrowsAsync<DbUpdateException>(() => host.InRequest(async context =>
        {
            var db = context.RequestServices.GetRequiredService<ShopDb>();
            var account = new ShopUser { UserName = "hunter2", NormalizedUserName = "BOB", Email = "hunter2@x.example" };
            db.Users.Add(account);
            db.UserClaims.Add(new IdentityUserClaim<string> { UserId = account.Id, ClaimType = "colour", ClaimValue = "red" });
            await db.SaveChangesAsync();
        }));

        await NothingTypedIsIn(host);
        Assert.Contains("\"event.outcome\":\"failure\"", await host.Journal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LookUpsOfNobodyLeaveNothingOfWhatWasTyped()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await host.Login("hunter2");
        await host.WithUsers(async users => Assert.Null(await users.FindByEmailAsync("hunter2@x.example")));
        await host.WithUsers(async users => Assert.Null(await users.FindByNameAsync("hunter2")));
        await host.WithUsers(async users =>
        {
            var ann = (await users.FindByNameAsync("ann"))!;
            await Assert.ThrowsAsync<InvalidOperationException>(() => users.AddToRoleAsync(ann, "hunter2"));
            await users.RemoveFromRoleAsync(ann, "hunter2");
            await users.ResetPasswordAsync(ann, "hunter2", "hunter2");
        });
        await host.InRequest(async context =>
        {
            var roles = context.RequestServices.GetRequiredService<RoleManager<IdentityRole>>();
            Assert.Null(await roles.FindByNameAsync("hunter2"));
            await roles.CreateAsync(new IdentityRole(" "));
        });

        await NothingTypedIsIn(host);
    }

    [Fact]
    public async Task AnAddressThatWasOnlyClaimedIsHashedWithoutAName()
    {
        await using var host = await IdentityHost.Start();

        await host.InRequest(context => context.RequestServices.GetRequiredService<ISecurityAudit>()
            .RecordAsync(SecurityEvents.AuthnLoginFail(AuditUser.Claimed(null) with { Email = "hunter2@x.example" }, "unknown user")).AsTask());

        await NothingTypedIsIn(host);
    }
}
