using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Tables;

/// <summary>Identity's tables, changed past <c>SaveChanges</c>.</summary>
public sealed class StatementTests
{
    [Fact]
    public async Task ExecuteUpdateAndRawSqlOnIdentitysTablesAreRecordedWithTableColumnsAndRowsAndNoValue()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();
        await host.Existing("bob");

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<ShopDb>();
            await database.Users.Where(user => user.UserName == "ann").ExecuteUpdateAsync(set => set.SetProperty(user => user.PasswordHash, "s3cret-hash"));
            await database.Users.ExecuteUpdateAsync(set => set.SetProperty(user => user.EmailConfirmed, true));
            await database.Database.ExecuteSqlRawAsync("INSERT INTO AspNetRoles (Id, Name, NormalizedName) VALUES ('1', 's3cret-admin', 's3cret')");
            await database.Database.ExecuteSqlAsync($"INSERT INTO AspNetUserRoles (UserId, RoleId) SELECT Id, {"1"} FROM AspNetUsers");
            await database.UserRoles.ExecuteDeleteAsync();
            await database.Users.Where(user => user.UserName == "bob").ExecuteDeleteAsync();
        });

        Assert.Equal(
            [
                ("authn_password_change", "AspNetUsers", "update", "PasswordHash", "1"),
                ("user_updated", "AspNetUsers", "update", "EmailConfirmed", "2"),
                ("authz_change", "AspNetRoles", "insert", "Id, Name, NormalizedName", "1"),
                ("authz_change", "AspNetUserRoles", "insert", "UserId, RoleId", "2"),
                ("authz_change", "AspNetUserRoles", "delete", null, "2"),
                ("user_deleted", "AspNetUsers", "delete", null, "1"),
            ],
            host.Audit.Events.Select(recorded => (recorded.Action, Of(recorded, "table")!, Of(recorded, "operation")!, Of(recorded, "columns"), Of(recorded, "rows")!)));
        Assert.DoesNotContain("s3cret", await host.Journal(), StringComparison.Ordinal);
        Assert.Equal("Somebody not signed in changed 2 rows of AspNetUsers by a statement (EmailConfirmed).", host.Audit.Events[1].Message);
    }

    [Fact]
    public async Task AStatementThatChangesNothingThatIsWatchedIsNotRecorded()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<ShopDb>();
            await database.Users.Where(user => user.UserName == "nobody").ExecuteDeleteAsync();
            await database.Database.ExecuteSqlRawAsync("CREATE TABLE Notes (Text TEXT); INSERT INTO Notes SELECT UserName FROM AspNetUsers");
            await database.Database.ExecuteSqlRawAsync("UPDATE Notes SET Text = 'UPDATE AspNetUsers'");
            await database.Users.FromSqlRaw("SELECT * FROM AspNetUsers").ToListAsync();
        });

        Assert.Empty(host.Audit.Events);
    }

    [Fact]
    public async Task AQueryThatChangesRowsIsRecorded()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await host.InRequest(context => context.RequestServices.GetRequiredService<ShopDb>().Users
            .FromSqlRaw("UPDATE AspNetUsers SET TwoFactorEnabled = 0 RETURNING *").ToListAsync());

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("user_updated", "TwoFactorEnabled", null), (recorded.Action, Of(recorded, "columns"), Of(recorded, "rows")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AStatementInATransactionIsRecordedAtItsCommitAlone(bool commits)
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<ShopDb>();
            await using var transaction = await database.Database.BeginTransactionAsync();
            await database.Users.ExecuteUpdateAsync(set => set.SetProperty(user => user.LockoutEnabled, false));
            Assert.Empty(host.Audit.Events);
            if (commits)
            {
                await transaction.CommitAsync();
            }
        });

        Assert.Equal(commits ? ["user_updated"] : [], host.Audit.Actions);
    }

    [Fact]
    public async Task AStatementThatFailsIsAFailureAtOnce()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<ShopDb>().Database;
            await Assert.ThrowsAsync<SqliteException>(() => database.ExecuteSqlRawAsync("UPDATE AspNetUsers SET Nothing = 's3cret'"));
            await Assert.ThrowsAsync<SqliteException>(() => database.ExecuteSqlRawAsync("DELETE FROM AspNetUserRoles; UPDATE AspNetUsers SET Nothing = 1"));
        });

        Assert.Equal(
            [("user_updated", EventOutcome.Failure), ("authz_change", EventOutcome.Unknown), ("user_updated", EventOutcome.Unknown)],
            host.Audit.Events.Select(recorded => (recorded.Action, recorded.Outcome)));
        Assert.All(host.Audit.Events, recorded => Assert.Equal("SqliteException", recorded.Reason));
        Assert.DoesNotContain("s3cret", await host.Journal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATableThatTheModelRenamesIsKnownByItsName()
    {
        await using var host = await IdentityHost.Start(identity: services =>
        {
            services.AddDbContext<RenamedDb>((provider, options) => options.UseSqlite(
                $"Data Source={Path.Combine(provider.GetRequiredService<Microsoft.AspNetCore.Hosting.IWebHostEnvironment>().ContentRootPath, "renamed.db")};Pooling=false"));
            IdentityHost.AddCookieIdentity(services);
        });

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<RenamedDb>();
            await database.Database.EnsureCreatedAsync();
            database.Users.Add(new IdentityUser("ann"));
            await database.SaveChangesAsync();
            host.Audit.Clear();
            await database.Database.ExecuteSqlRawAsync("update [people of\tthe house] set secret_word = 'x'");
            await database.Database.ExecuteSqlRawAsync("CREATE TABLE AspNetUsers (Id TEXT); DELETE FROM AspNetUsers");
        });

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("authn_password_change", "people of\\u0009the house"), (recorded.Action, Of(recorded, "table")));
    }

    [Fact]
    public async Task DataOfAMigrationIsRecorded()
    {
        await using var host = await IdentityHost.Start(identity: services =>
        {
            services.AddDbContext<SeededDb>((provider, options) => options.UseSqlite(
                $"Data Source={Path.Combine(provider.GetRequiredService<Microsoft.AspNetCore.Hosting.IWebHostEnvironment>().ContentRootPath, "seeded.db")};Pooling=false"));
            IdentityHost.AddCookieIdentity(services);
        });

        await host.InRequest(context => context.RequestServices.GetRequiredService<SeededDb>().Database.EnsureCreatedAsync());

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("authz_change", "AspNetRoles", "insert"), (recorded.Action, Of(recorded, "table"), Of(recorded, "operation")));
    }

    private static string? Of(SecurityEvent recorded, string attribute) => recorded.Attributes.SingleOrDefault(pair => pair.Key == attribute).Value;

    public sealed class RenamedDb(DbContextOptions<RenamedDb> options)
        : Microsoft.AspNetCore.Identity.EntityFrameworkCore.IdentityDbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.Entity<IdentityUser>().ToTable("people of\tthe house").Property(user => user.PasswordHash).HasColumnName("secret_word");
        }
    }

    public sealed class SeededDb(DbContextOptions<SeededDb> options)
        : Microsoft.AspNetCore.Identity.EntityFrameworkCore.IdentityDbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.Entity<IdentityRole>().HasData(new IdentityRole { Id = "1", Name = "admin", NormalizedName = "ADMIN", ConcurrencyStamp = "1" });
        }
    }
}
