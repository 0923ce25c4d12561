using System.Transactions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Sqlite.Storage.Internal;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Identity;

/// <summary>A change is recorded when it is true, however the transaction around it was begun and however it ends.</summary>
public sealed class TransactionTests
{
    private const string Outside = "saved at once, whether the transaction scope is completed or not: the database takes no part in it";

    [Theory]
    [InlineData("completed")]
    [InlineData("not completed")]
    [InlineData("timed out")]
    [InlineData("nested")]
    [InlineData("thrown out of")]
    [InlineData("without flow")]
    public async Task AChangeIsRecordedThoughTheScopeAroundItIsNotCompletedWhereTheDatabaseTakesNoPartInIt(string scope)
    {
        await using var host = await Start();

        await host.Tried(async context =>
        {
            var database = context.RequestServices.GetRequiredService<ShopDb>();
            var flow = scope is "without flow" ? TransactionScopeAsyncFlowOption.Suppress : TransactionScopeAsyncFlowOption.Enabled;
            using var outer = scope is "nested" ? new TransactionScope(TransactionScopeAsyncFlowOption.Enabled) : null;
            using var inner = new TransactionScope(TransactionScopeOption.Required, scope is "timed out" ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromMinutes(1), flow);
            database.Users.Add(new ShopUser { UserName = "ann" });
            if (scope is "without flow")
            {
                // The scope belongs to this thread.
                database.SaveChanges();
            }
            else
            {
                await database.SaveChangesAsync();
            }

            if (scope is "completed" or "nested")
            {
                inner.Complete();
            }
            else if (scope is "thrown out of")
            {
                throw new InvalidOperationException();
            }
        });

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("user_created", EventOutcome.Success, "ann"), (recorded.Action, recorded.Outcome, recorded.Target!.Name));
        Assert.Equal(Outside, recorded.Reason);
        Assert.Equal(1, await Count(host));
    }

    [Fact]
    public async Task AChangeOutsideOfTheScopeAroundItIsRecordedAsAnyOther()
    {
        await using var host = await Start();

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<ShopDb>();
            using var outer = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
            using var inner = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
            database.Users.Add(new ShopUser { UserName = "ann" });
            await database.SaveChangesAsync();
        });

        Assert.Equal(("user_created", null), (Assert.Single(host.Audit.Events).Action, host.Audit.Events[0].Reason));
    }

    [Fact]
    public async Task AStatementInAScopeThatTheDatabaseTakesNoPartInIsRecordedAtOnce()
    {
        await using var host = await Start();
        await host.Existing();

        await host.InRequest(async context =>
        {
            using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
            await context.RequestServices.GetRequiredService<ShopDb>().Users.ExecuteDeleteAsync();
        });

        Assert.Equal(("user_deleted", Outside), (Assert.Single(host.Audit.Events).Action, host.Audit.Events[0].Reason));
        Assert.Equal(0, await Count(host));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AChangeInAScopeThatTheDatabaseTakesPartInIsRecordedWhenItIsCompleted(bool completes)
    {
        // No database here can take part: Entity Framework Core is told that SQLite does, and behaves accordingly.
        await using var host = await Start(takesPart: true);

        await host.InRequest(context =>
        {
            var database = context.RequestServices.GetRequiredService<ShopDb>();
            using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
            database.Users.Add(new ShopUser { UserName = "ann" });
            database.SaveChanges();
            Assert.Empty(host.Audit.Events);
            if (completes)
            {
                scope.Complete();
            }

            return Task.CompletedTask;
        });

        Assert.Equal(
            completes ? [("user_created", EventOutcome.Success, null)] : [],
            host.Audit.Events.Select(recorded => (recorded.Action, recorded.Outcome, recorded.Reason)));
    }

    [Fact]
    public async Task ACommitThatFailsLeavesTheChangeUncertain()
    {
        await using var host = await Start();

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<ShopDb>();
            await using var transaction = await database.Database.BeginTransactionAsync();
            await database.Database.ExecuteSqlRawAsync("PRAGMA defer_foreign_keys = ON");
            database.UserRoles.Add(new IdentityUserRole<string> { UserId = "no such user", RoleId = "no such role" });
            await database.SaveChangesAsync();
            Assert.Empty(host.Audit.Events);
            await Assert.ThrowsAsync<SqliteException>(() => transaction.CommitAsync());
        });

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(
            ("authz_change", EventOutcome.Unknown, "the end of the transaction failed: SqliteException"), (recorded.Action, recorded.Outcome, recorded.Reason));
    }

    [Fact]
    public async Task AChangeWhoseConnectionIsLostBeforeTheCommitIsNotRecordedAsMade()
    {
        await using var host = await Start();
        await host.Existing();

        await host.Tried(async context =>
        {
            var database = context.RequestServices.GetRequiredService<ShopDb>();
            await using var transaction = await database.Database.BeginTransactionAsync();
            (await database.Users.SingleAsync()).PhoneNumber = "1";
            await database.SaveChangesAsync();
            database.Database.GetDbConnection().Close();
            await transaction.CommitAsync();
        });

        Assert.All(host.Audit.Events.Where(recorded => recorded.Action is "user_updated"), recorded => Assert.Equal(EventOutcome.Unknown, recorded.Outcome));
    }

    [Fact]
    public async Task ASaveWithoutATransactionThatFailsMayHaveBeenSavedInPart()
    {
        await using var host = await Start();

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<ShopDb>();
            database.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
            database.Users.Add(new ShopUser { UserName = "ann" });
            database.UserRoles.Add(new IdentityUserRole<string> { UserId = "no such user", RoleId = "no such role" });
            await Assert.ThrowsAsync<DbUpdateException>(() => database.SaveChangesAsync());
        });

        Assert.Equal(["user_created", "authz_change"], host.Audit.Actions);
        Assert.All(host.Audit.Events, recorded => Assert.Equal(
            (EventOutcome.Unknown, "DbUpdateException; without a transaction, some of it may be saved"), (recorded.Outcome, recorded.Reason)));
    }

    private static Task<IdentityHost> Start(bool takesPart = false) => IdentityHost.Start(identity: services =>
    {
        services.ConfigureDbContext<ShopDb>(options =>
        {
            options.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.AmbientTransactionWarning));
            if (takesPart)
            {
#pragma warning disable EF1001 // Only a provider's own connection says whether it takes part in ambient transactions.
                options.ReplaceService<ISqliteRelationalConnection, PartakingConnection>();
#pragma warning restore EF1001
            }
        });
        IdentityHost.AddCookieIdentity(services);
    });

    private static async Task<int> Count(IdentityHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ShopDb>().Users.CountAsync();
    }

#pragma warning disable EF1001
    private sealed class PartakingConnection(
        RelationalConnectionDependencies dependencies, IRawSqlCommandBuilder commands, IDiagnosticsLogger<DbLoggerCategory.Infrastructure> logger)
        : SqliteRelationalConnection(dependencies, commands, logger)
    {
        protected override bool SupportsAmbientTransactions => true;

        protected override void ConnectionEnlistTransaction(Transaction? transaction)
        {
            // SQLite would refuse.
        }
    }
#pragma warning restore EF1001
}
