using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Identity;

/// <summary>Where accounts live and how they get there.</summary>
public sealed class IdentityStoresTests
{
    [Fact]
    public async Task KeysThatTheDatabaseMakesAreTheOnesRecorded()
    {
        await using var host = await IdentityHost.Start(identity: services =>
        {
            services.AddDbContextPool<NumberedDb>((provider, options) => options.UseSqlite(
                $"Data Source={Path.Combine(provider.GetRequiredService<IWebHostEnvironment>().ContentRootPath, "numbered.db")};Pooling=false"));
            services.AddIdentity<IdentityUser<int>, IdentityRole<int>>().AddEntityFrameworkStores<NumberedDb>().AddDefaultTokenProviders();
        });

        await host.InRequest(async context =>
        {
            await context.RequestServices.GetRequiredService<NumberedDb>().Database.EnsureCreatedAsync();
            await context.RequestServices.GetRequiredService<RoleManager<IdentityRole<int>>>().CreateAsync(new IdentityRole<int>("admin"));
            var users = context.RequestServices.GetRequiredService<UserManager<IdentityUser<int>>>();
            var user = new IdentityUser<int>("num");
            await users.CreateAsync(user, IdentityHost.Password);
            await users.AddToRoleAsync(user, "admin");
        });
        await host.InRequest(context => context.RequestServices.GetRequiredService<SignInManager<IdentityUser<int>>>()
            .PasswordSignInAsync("num", "wrong", isPersistent: false, lockoutOnFailure: true));

        Assert.Equal(["authz_change", "user_created", "authz_change", "authn_login_fail"], host.Audit.Actions);
        Assert.Equal(("1", "1", "1"), (host.Audit.Events[1].Target!.Id, host.Audit.Events[2].Target!.Id, host.Audit.Events[3].User!.Id));
        Assert.Equal("1", host.Audit.Events[0]["group.id"]);
    }

    [Fact]
    public async Task AStoreWithoutEntityFrameworkIsSeenThroughTheMeter()
    {
        await using var host = await IdentityHost.Start(identity: services => services
            .AddIdentity<ShopUser, IdentityRole>(IdentityHost.Configure)
            .AddUserStore<MemoryStore>()
            .AddRoleStore<NoRoles>()
            .AddDefaultTokenProviders());
        var bob = new ShopUser { UserName = "bob" };

        await host.WithUsers(async users => Assert.Equal("Succeeded", (await users.CreateAsync(bob, IdentityHost.Password)).ToString()));
        await host.Login("bob", "wrong");
        await host.Login("bob");
        await host.WithUsers(users => users.ChangePasswordAsync(bob, IdentityHost.Password, "0ther-Passw0rd"));
        await host.WithUsers(users => users.ChangePasswordAsync(bob, "wrong", "0ther-Passw0rd"));
        await host.WithUsers(users => users.SetLockoutEndDateAsync(bob, DateTimeOffset.MaxValue));
        await host.WithUsers(users => users.SetLockoutEndDateAsync(bob, null));
        await host.WithUsers(users => users.DeleteAsync(bob));

        Assert.Equal(
            [
                "user_created", "authn_login_fail", "authn_login_success", "authn_password_change", "authn_password_change_fail",
                "authn_login_lock", "authn_unlock", "user_deleted",
            ],
            host.Audit.Actions);
        Assert.All(host.Audit.Events.Where(recorded => recorded.Action != "user_deleted"), recorded =>
            Assert.Equal("bob", (recorded.Target ?? recorded.User)!.Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AChangeInATransactionThatTheApplicationBroughtIsRecordedAsUncertain(bool commit)
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<ShopDb>();
            await database.Database.OpenConnectionAsync();
            var connection = (SqliteConnection)database.Database.GetDbConnection();
            await using var foreign = connection.BeginTransaction();
            await database.Database.UseTransactionAsync(foreign);
            await ChangeAddress(context);
            if (commit)
            {
                await foreign.CommitAsync();
            }
        });

        await Until(() => host.Audit.Events.Count > 0);
        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("user_email_changed", EventOutcome.Unknown), (recorded.Action, recorded.Outcome));
    }

    [Fact]
    public async Task AChangeBehindASavepointThatIsRolledBackIsUncertain()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await host.InRequest(async context =>
        {
            await using var transaction = await context.RequestServices.GetRequiredService<ShopDb>().Database.BeginTransactionAsync();
            await transaction.CreateSavepointAsync("before");
            await ChangeAddress(context);
            await transaction.RollbackToSavepointAsync("before");
            await transaction.CommitAsync();
        });

        Assert.Equal(EventOutcome.Unknown, Assert.Single(host.Audit.Events).Outcome);
    }

    [Fact]
    public async Task AnotherHostsDatabaseDoesNotSilenceAStoreWithoutEntityFramework()
    {
        await using var memory = await IdentityHost.Start(identity: services => services
            .AddIdentity<ShopUser, IdentityRole>(IdentityHost.Configure)
            .AddUserStore<MemoryStore>()
            .AddRoleStore<NoRoles>()
            .AddDefaultTokenProviders());
        await using var other = await IdentityHost.Start();
        await other.Existing();

        await memory.WithUsers(users => users.CreateAsync(new ShopUser { UserName = "carol" }, IdentityHost.Password));

        Assert.Equal(("user_created", "carol"), (Assert.Single(memory.Audit.Events).Action, memory.Audit.Events[0].Target!.Name));
    }

    [Fact]
    public async Task RemovingAnAccountWithItsRolesNamesBoth()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();
        await host.InRequest(async context =>
        {
            await context.RequestServices.GetRequiredService<RoleManager<IdentityRole>>().CreateAsync(new IdentityRole("admin"));
            var users = context.RequestServices.GetRequiredService<UserManager<ShopUser>>();
            await users.AddToRoleAsync((await users.FindByIdAsync(ann.Id))!, "admin");
        });
        host.Audit.Clear();

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<ShopDb>();
            var user = await database.Users.SingleAsync();
            await database.UserRoles.LoadAsync();
            await database.Roles.LoadAsync();
            database.Users.Remove(user);
            await database.SaveChangesAsync();
        });

        Assert.Equal(["user_deleted", "authz_change"], host.Audit.Actions);
        Assert.All(host.Audit.Events, recorded => Assert.Equal((ann.Id, "ann"), (recorded.Target!.Id, recorded.Target.Name)));
    }

    private static async Task ChangeAddress(HttpContext context)
    {
        var users = context.RequestServices.GetRequiredService<UserManager<ShopUser>>();
        Assert.True((await users.SetEmailAsync((await users.FindByNameAsync("ann"))!, "new@example.org")).Succeeded);
    }

    private static async Task Until(Func<bool> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(10);
        while (!condition() && DateTime.UtcNow < deadline)
        {
            await Task.Delay(5);
        }
    }

    public sealed class NumberedDb(DbContextOptions<NumberedDb> options) : IdentityDbContext<IdentityUser<int>, IdentityRole<int>, int>(options);
}
