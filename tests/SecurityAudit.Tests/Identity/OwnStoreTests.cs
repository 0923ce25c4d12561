using System.Collections.Immutable;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Identity;

/// <summary>A store of the application's own, without Entity Framework Core: what is known is said, and what is not.</summary>
public sealed class OwnStoreTests
{
    [Fact]
    public async Task AChangeInAStoreOfOnesOwnIsRecordedWithTheAccountBeforeAndAfter()
    {
        await using var host = await Start();
        await Existing(host);

        await OnAnn(host, async (users, ann) =>
        {
            await users.SetEmailAsync(ann, "new@example.org");
            await users.SetPhoneNumberAsync(ann, "1");
            await users.SetLockoutEndDateAsync(ann, new DateTimeOffset(2199, 1, 2, 3, 4, 5, TimeSpan.Zero));
            ann.PhoneNumber = "2";
            await users.UpdateAsync(ann);
        });

        Assert.Equal(
            [
                ("user_email_changed", "email", "ann@example.org", "new@example.org"), ("user_updated", "phone_number", "", "1"),
                ("authn_login_lock", "lockout_end", "", "2199-01-02T03:04:05Z"), ("user_updated", "phone_number", "1", "2"),
            ],
            host.Audit.Events.Select(recorded => (recorded.Action, (string)recorded["security_audit.change.kind"]!, Side(recorded, "before"), Side(recorded, "after"))));
        Assert.All(host.Audit.Events, recorded => Assert.Equal(("id-ann", "ann", null), (recorded.Target!.Id, recorded.Target.Name, Of(recorded, "not_known"))));
    }

    [Fact]
    public async Task RolesGivenAndTakenInAStoreOfOnesOwnAreRecordedByName()
    {
        await using var host = await Start();
        await Existing(host);

        await OnAnn(host, async (users, ann) =>
        {
            await users.AddToRoleAsync(ann, "admin");
            await users.AddToRoleAsync(ann, "clerk");
            await users.RemoveFromRoleAsync(ann, "admin");
        });

        Assert.Equal([("", "ADMIN", null), ("", "CLERK", null), ("admin", "", "before")], host.Audit.Events.Select(recorded =>
            (Side(recorded, "before"), Side(recorded, "after"), Of(recorded, "inferred"))));
        Assert.All(host.Audit.Events, recorded => Assert.Equal(("id-ann", "ann"), (recorded.Target!.Id, recorded.Target.Name)));
    }

    [Fact]
    public async Task AJobWithoutARequestNamesTheAccountInAStoreOfOnesOwn()
    {
        await using var host = await Start();
        await Existing(host);

        await host.WithOwnScope(async users =>
        {
            var ann = (await users.FindByIdAsync("id-ann"))!;
            await users.SetEmailAsync(ann, "new@example.org");
            await users.AddToRoleAsync(ann, "admin");
        });

        Assert.Equal(["user_email_changed", "authz_change"], host.Audit.Actions);
        Assert.Equal([("ann@example.org", "new@example.org"), ("", "ADMIN")], host.Audit.Events.Select(recorded => (Side(recorded, "before"), Side(recorded, "after"))));
        Assert.All(host.Audit.Events, recorded => Assert.Equal(("id-ann", "ann"), (recorded.Target!.Id, recorded.Target.Name)));
    }

    [Fact]
    public async Task WhatAStoreOfOnesOwnDoesNotTellIsSaidToBeUnknown()
    {
        await using var host = await IdentityHost.Start(identity: services => services
            .AddIdentityCore<ShopUser>(IdentityHost.Configure).AddUserStore<MemoryStore>().Services.AddAuthentication());
        var user = new ShopUser { UserName = "bob" };

        await host.WithUsers(async users =>
        {
            await users.CreateAsync(user, IdentityHost.Password);
            await users.SetLockoutEnabledAsync(user, enabled: false);
            await users.DeleteAsync(user);
        });

        Assert.Equal(
            [("user_created", "bob", null), ("user_updated", "bob", "before"), ("user_deleted", null, "account")],
            host.Audit.Events.Select(recorded => (recorded.Action, recorded.Target!.Name, Of(recorded, "not_known"))));
    }

    [Fact]
    public async Task NoSecretOfAStoreOfOnesOwnIsRecorded()
    {
        await using var host = await Start();
        await Existing(host);

        await OnAnn(host, async (users, ann) =>
        {
            await users.ChangePasswordAsync(ann, IdentityHost.Password, "0ther-Passw0rd");
            ann.FavouriteColour = "s3cret";
            await users.UpdateAsync(ann);
        });

        Assert.Equal(["authn_password_change", "user_updated"], host.Audit.Actions);
        Assert.Equal("before, after", Of(host.Audit.Events[1], "not_known"));
        var journal = await host.Journal();
        var hash = await OwnStore.Open(Folder(host)).FindByIdAsync("id-ann", CancellationToken.None);
        Assert.All(["0ther-Passw0rd", "s3cret", hash!.PasswordHash!], secret => Assert.DoesNotContain(secret, journal, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AStoreOfOnesOwnIsSaidToBeCoveredInPartAndEntityFrameworksIsNot()
    {
        await using var own = await Start();
        await using var usual = await IdentityHost.Start();

        Assert.Contains("Accounts in OwnStore are covered in part", await own.Journal(), StringComparison.Ordinal);
        Assert.DoesNotContain("covered in part", await usual.Journal(), StringComparison.Ordinal);
    }

    private static Task<IdentityHost> Start() => IdentityHost.Start(
        identity: services => services
            .AddIdentityCore<ShopUser>(IdentityHost.Configure).AddUserStore<OwnStore>().AddDefaultTokenProviders().Services.AddAuthentication(),
        seed: services =>
        {
            OwnStore.Open(services.GetRequiredService<IWebHostEnvironment>().ContentRootPath).Dispose();
            return Task.CompletedTask;
        });

    private static string Folder(IdentityHost host) => host.Services.GetRequiredService<IWebHostEnvironment>().ContentRootPath;

    private static async Task Existing(IdentityHost host)
    {
        await host.WithUsers(async users => Assert.Equal(
            "Succeeded", (await users.CreateAsync(new ShopUser { Id = "id-ann", UserName = "ann", Email = "ann@example.org" }, IdentityHost.Password)).ToString()));
        host.Audit.Clear();
    }

    private static Task<HttpResponseMessage> OnAnn(IdentityHost host, Func<UserManager<ShopUser>, ShopUser, Task> change) =>
        host.WithUsers(async users => await change(users, (await users.FindByIdAsync("id-ann"))!));

    private static string Side(SecurityEvent recorded, string side) =>
        recorded["security_audit.change." + side] is ImmutableArray<string> { IsDefault: false } values ? string.Join(',', values) : "";

    private static string? Of(SecurityEvent recorded, string attribute) => recorded.Attributes.SingleOrDefault(pair => pair.Key == attribute).Value;
}
