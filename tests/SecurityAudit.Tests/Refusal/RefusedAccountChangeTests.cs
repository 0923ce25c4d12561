using System.Diagnostics;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Journal;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Refusal;

/// <summary>Every way to change accounts and roles, with the journal down and the owner's choice Refuse.</summary>
public sealed class RefusedAccountChangeTests
{
    private static readonly Dictionary<string, Func<Work, Task>> Through = new()
    {
        ["create"] = work => work.Users.CreateAsync(new ShopUser { UserName = "new" }, IdentityHost.Password),
        ["delete"] = work => work.Users.DeleteAsync(work.Ann),
        ["give a role"] = work => work.Users.AddToRoleAsync(work.Ann, "Staff"),
        ["take a role"] = work => work.Users.RemoveFromRoleAsync(work.Ann, "Guest"),
        ["give a claim"] = work => work.Users.AddClaimAsync(work.Ann, new Claim("badge", "2")),
        ["take a claim"] = work => work.Users.RemoveClaimAsync(work.Ann, new Claim("badge", "1")),
        ["replace a claim"] = work => work.Users.ReplaceClaimAsync(work.Ann, new Claim("badge", "1"), new Claim("badge", "2")),
        ["add a login"] = work => work.Users.AddLoginAsync(work.Ann, new UserLoginInfo("Elsewhere", "key", null)),
        ["remove a login"] = work => work.Users.RemoveLoginAsync(work.Ann, "First", "key"),
        ["new recovery codes"] = work => work.Users.GenerateNewTwoFactorRecoveryCodesAsync(work.Ann, 2),
        ["new authenticator key"] = work => work.Users.ResetAuthenticatorKeyAsync(work.Ann),
        ["second factor"] = work => work.Users.SetTwoFactorEnabledAsync(work.Ann, enabled: true),
        ["change the password"] = work => work.Users.ChangePasswordAsync(work.Ann, IdentityHost.Password, "0ther-Passw0rd"),
        ["remove the password"] = work => work.Users.RemovePasswordAsync(work.Ann),
        ["reset the password"] = async work => await work.Users.ResetPasswordAsync(work.Ann, await work.Users.GeneratePasswordResetTokenAsync(work.Ann), "0ther-Passw0rd"),
        ["guess a reset token"] = work => work.Users.ResetPasswordAsync(work.Ann, "guess", "0ther-Passw0rd"),
        ["change the address"] = work => work.Users.SetEmailAsync(work.Ann, "new@example.org"),
        ["lock"] = work => work.Users.SetLockoutEndDateAsync(work.Ann, DateTimeOffset.MaxValue),
        ["count a failure"] = work => work.Users.AccessFailedAsync(work.Ann),
        ["create a role"] = work => work.Roles.CreateAsync(new IdentityRole("New")),
        ["rename a role"] = async work =>
        {
            var staff = await work.Staff();
            staff.Name = "Boss";
            await work.Roles.UpdateAsync(staff);
        },
        ["delete a role"] = async work => await work.Roles.DeleteAsync(await work.Staff()),
        ["give a role's claim"] = async work => await work.Roles.AddClaimAsync(await work.Staff(), new Claim("may", "ship")),
    };

    private static readonly Dictionary<string, Func<Work, Task>> Past = new()
    {
        ["add a user"] = work => work.Save(database => database.Users.Add(new ShopUser { UserName = "new" })),
        ["delete a user"] = work => work.Save(database => database.Users.Remove(work.Ann)),
        ["change a user"] = work => work.Save(_ => work.Ann.Email = "new@example.org"),
        ["lock a user"] = work => work.Save(_ => work.Ann.LockoutEnd = DateTimeOffset.MaxValue),
        ["add a role to a user"] = work => work.Save(database => database.UserRoles.Add(new IdentityUserRole<string> { UserId = work.Ann.Id, RoleId = "staff" })),
        ["add a claim"] = work => work.Save(database => database.UserClaims.Add(new IdentityUserClaim<string> { UserId = work.Ann.Id, ClaimType = "badge", ClaimValue = "2" })),
        ["add a role"] = work => work.Save(database => database.Roles.Add(new IdentityRole("New"))),
        ["add a role's claim"] = work => work.Save(database => database.RoleClaims.Add(new IdentityRoleClaim<string> { RoleId = "staff", ClaimType = "may", ClaimValue = "ship" })),
        ["add a token"] = work => work.Save(database => database.UserTokens.Add(
            new IdentityUserToken<string> { UserId = work.Ann.Id, LoginProvider = "[AspNetUserStore]", Name = "RecoveryCodes", Value = "a;b" })),
        ["by a statement"] = work => work.Database.Users.ExecuteUpdateAsync(set => set.SetProperty(user => user.Email, "new@example.org")),
        ["by SQL"] = work => work.Database.Database.ExecuteSqlRawAsync("DELETE FROM AspNetUserRoles"),
        ["by a statement, synchronously"] = work =>
        {
            work.Database.Users.ExecuteDelete();
            return Task.CompletedTask;
        },
        ["synchronously"] = work =>
        {
            work.Database.Users.Remove(work.Ann);
            work.Database.SaveChanges();
            return Task.CompletedTask;
        },
    };

    public static TheoryData<string> ThroughTheManagers => [.. Through.Keys];

    public static TheoryData<string> PastTheManagers => [.. Past.Keys];

    [Theory]
    [MemberData(nameof(ThroughTheManagers))]
    public Task WhereTheOwnerChoseRefuseNoAccountIsChangedThroughTheManagersWhileTheJournalIsDown(string change) => AssertRefused(Through[change]);

    [Theory]
    [MemberData(nameof(PastTheManagers))]
    public Task WhereTheOwnerChoseRefuseNoAccountIsChangedPastTheManagersWhileTheJournalIsDown(string change) => AssertRefused(Past[change]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhereTheOwnerChoseRefuseATransactionIsNotCommittedThatTheJournalCannotTake(bool ownTransaction)
    {
        await using var host = await Start();
        BrokenJournal? broken = null;

        var (response, thrown) = await host.Tried(async context =>
        {
            var work = await Work.Of(context.RequestServices);
            if (ownTransaction)
            {
                await using var transaction = await work.Database.Database.BeginTransactionAsync();
                Assert.True((await work.Users.SetEmailAsync(work.Ann, "new@example.org")).Succeeded);
                broken = await BrokenJournal.Down(host);
                await transaction.CommitAsync();
            }
            else
            {
                // Two tables, so that Entity Framework Core opens a transaction; the journal goes down between its start and its commit.
                work.Database.SavedChanges += (_, _) => Assert.Fail("saved");
                work.Database.Users.Add(new ShopUser { UserName = "new", Id = "new" });
                work.Database.UserClaims.Add(new IdentityUserClaim<string> { UserId = "new", ClaimType = "a", ClaimValue = "b" });
                work.Database.UserClaims.Add(new IdentityUserClaim<string> { UserId = "new", ClaimType = "c", ClaimValue = "d" });
                using var _ = new TransactionStart(() => broken = BrokenJournal.Down(host).GetAwaiter().GetResult());
                await work.Database.SaveChangesAsync();
            }
        });

        Assert.IsType<JournalUnavailableException>(thrown);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        await AssertUnchanged(host, broken!);
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseAnAccountInAStoreOfOnesOwnIsNotSavedWhileTheJournalIsDown()
    {
        await using var host = await IdentityHost.Start(configure: BrokenJournal.Refuse, identity: services => services
            .AddAuthentication().Services
            .AddIdentityCore<ShopUser>()
            .AddUserStore<MemoryStore>());
        var dora = new ShopUser { UserName = "dora" };
        var broken = await BrokenJournal.Down(host);

        await Assert.ThrowsAsync<JournalUnavailableException>(() => host.WithUsers(users => users.CreateAsync(dora, IdentityHost.Password)));

        await broken.Mend();
        await host.WithUsers(async users => Assert.Null(await users.FindByNameAsync("dora")));
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseABackgroundJobChangesNoAccountWhileTheJournalIsDown()
    {
        await using var host = await Start();
        var broken = await BrokenJournal.Down(host);

        await Assert.ThrowsAsync<JournalUnavailableException>(
            () => host.WithOwnScope(async users => await users.AddToRoleAsync((await users.FindByNameAsync("ann"))!, "Staff")));

        await AssertUnchanged(host, broken);
    }

    private static async Task AssertRefused(Func<Work, Task> change)
    {
        await using var host = await Start();
        var broken = await BrokenJournal.Down(host);

        var (response, thrown) = await host.Tried(async context => await change(await Work.Of(context.RequestServices)));

        Assert.IsType<JournalUnavailableException>(thrown);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        await AssertUnchanged(host, broken);
    }

    private static async Task<IdentityHost> Start()
    {
        var host = await IdentityHost.Start(configure: BrokenJournal.Refuse, seed: async services =>
        {
            var roles = services.GetRequiredService<RoleManager<IdentityRole>>();
            Assert.True((await roles.CreateAsync(new IdentityRole("Staff") { Id = "staff" })).Succeeded);
            Assert.True((await roles.CreateAsync(new IdentityRole("Guest"))).Succeeded);
        });
        await host.Existing(prepare: async (users, user) =>
        {
            await users.AddToRoleAsync(user, "Guest");
            await users.AddClaimAsync(user, new Claim("badge", "1"));
            await users.AddLoginAsync(user, new UserLoginInfo("First", "key", null));
        });
        return host;
    }

    /// <summary>Everything in the database is as it was, nothing was recorded, and nothing is missing from the record.</summary>
    private static async Task AssertUnchanged(IdentityHost host, BrokenJournal broken)
    {
        await broken.Mend();
        Assert.DoesNotContain(host.Audit.Events, recorded => recorded.Action != "audit_journal_trouble"); // that it was broken may be told by now
        Assert.DoesNotContain("journal.gap", await host.Journal(), StringComparison.Ordinal);
        await using var scope = host.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ShopDb>();
        var ann = await database.Users.SingleAsync();
        Assert.Equal(("ann", "ann@example.org", null, false, 0), (ann.UserName, ann.Email, ann.LockoutEnd, ann.TwoFactorEnabled, ann.AccessFailedCount));
        Assert.NotNull(ann.PasswordHash);
        Assert.Equal(["Guest", "Staff"], await database.Roles.Select(role => role.Name).Order().ToListAsync());
        Assert.Single(await database.UserRoles.ToListAsync());
        Assert.Equal("1", Assert.Single(await database.UserClaims.ToListAsync()).ClaimValue);
        Assert.Equal("First", Assert.Single(await database.UserLogins.ToListAsync()).LoginProvider);
        Assert.Empty(await database.RoleClaims.ToListAsync());
        Assert.Empty(await database.UserTokens.ToListAsync());
    }

    /// <summary>Does something when Entity Framework Core, on behalf of this very test, has begun a transaction.</summary>
    private sealed class TransactionStart : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly AsyncLocal<Action?> _then = new();
        private readonly List<IDisposable> _subscriptions = [];

        public TransactionStart(Action then)
        {
            _then.Value = then;
            _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == DbLoggerCategory.Name)
            {
                _subscriptions.Add(value.Subscribe(this));
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key == RelationalEventId.TransactionStarted.Name && _then.Value is { } then)
            {
                _then.Value = null;
                then();
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error) => throw error;

        public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());
    }

    private sealed record Work(UserManager<ShopUser> Users, RoleManager<IdentityRole> Roles, ShopDb Database, ShopUser Ann)
    {
        public static async Task<Work> Of(IServiceProvider services)
        {
            var database = services.GetRequiredService<ShopDb>();
            return new Work(
                services.GetRequiredService<UserManager<ShopUser>>(),
                services.GetRequiredService<RoleManager<IdentityRole>>(),
                database,
                await database.Users.SingleAsync());
        }

        public async Task<IdentityRole> Staff() => (await Roles.FindByIdAsync("staff"))!;

        public Task<int> Save(Action<ShopDb> change)
        {
            change(Database);
            return Database.SaveChangesAsync();
        }
    }
}
