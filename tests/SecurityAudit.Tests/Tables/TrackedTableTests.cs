using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Tables;

public sealed class TrackedTableTests
{
    [Fact]
    public async Task TheRowsOfATrackedTableAreRecordedWholeBeforeAndAfterAndWithoutTheirSecrets()
    {
        await using var host = await TenantDb.Host();

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<TenantDb>();
            var member = new TenantMember { Person = "ann", InviteToken = "s3cret-invitation", Areas = ["sales"], Limits = { Amount = 10 } };
            database.Members.Add(member);
            await database.SaveChangesAsync();
            (member.Role, member.InviteToken, member.Areas, member.Limits.Amount) = (TenantRole.Owner, "s3cret-again", ["sales", "finance"], 99.5m);
            await database.SaveChangesAsync();
            database.Members.Remove(member);
            await database.SaveChangesAsync();
        });

        string[] first = ["Id=1", "Areas=[sales]", "Person=ann", "Role=Member", "Version=0", "Limits.Amount=10"];
        string[] second = ["Id=1", "Areas=[sales, finance]", "Person=ann", "Role=Owner", "Version=0", "Limits.Amount=99.5"];
        Assert.Equal(["authz_change", "authz_change", "authz_change"], host.Audit.Actions);
        AssertRow(host.Audit.Events[0], "insert", [], first);
        AssertRow(host.Audit.Events[1], "update", first, second);
        AssertRow(host.Audit.Events[2], "delete", second, []);
        Assert.All(host.Audit.Events, recorded => Assert.Equal(("Members", "Id=1", "InviteToken"), (Of(recorded, "table"), Of(recorded, "row"), Of(recorded, "withheld"))));
        Assert.DoesNotContain("s3cret", await host.Journal(), StringComparison.Ordinal);
        Assert.Equal(
            "Somebody not signed in changed the row Id=1 of Members "
                + "from Areas=[sales], Role=Member and Limits.Amount=10 to “Areas=[sales, finance]”, Role=Owner and Limits.Amount=99.5.",
            host.Audit.Events[1].Message);
    }

    [Fact]
    public async Task WhatATrackedRowOwnsIsTrackedWithItAndOtherTablesAreNot()
    {
        await using var host = await TenantDb.Host();

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<TenantDb>();
            database.Notes.Add(new Note { Text = "nothing to do with rights" });
            await database.SaveChangesAsync();
            var member = new TenantMember { Person = "ann" };
            database.Members.Add(member);
            await database.SaveChangesAsync();
            member.Grants.Add(new TenantGrant { Right = "refund" });
            await database.SaveChangesAsync();
        });

        Assert.Equal(["Members", "TenantGrant"], host.Audit.Events.Select(recorded => Of(recorded, "table")));
        Assert.Contains("Right=refund", Side(host.Audit.Events[1], "after"));
        Assert.Equal("Id=1", Of(host.Audit.Events[1], "row"));
    }

    [Fact]
    public async Task ASaveOfTrackedRowsThatFailsIsAFailure()
    {
        await using var host = await TenantDb.Host();
        await Seed(host);

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<TenantDb>();
            var member = await database.Members.SingleAsync();
            await database.Database.ExecuteSqlAsync($"UPDATE Members SET Version = 7");
            host.Audit.Clear();
            member.Role = TenantRole.Owner;
            await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => database.SaveChangesAsync());
        });

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("authz_change", EventOutcome.Failure, "DbUpdateConcurrencyException"), (recorded.Action, recorded.Outcome, recorded.Reason));
        Assert.Equal("update", Of(recorded, "operation"));
    }

    [Fact]
    public async Task ARowThatIsMarkedAsChangedAndIsNotIsNotRecorded()
    {
        await using var host = await TenantDb.Host();
        await Seed(host);

        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<TenantDb>();
            database.Update(await database.Members.SingleAsync());
            await database.SaveChangesAsync();
        });

        Assert.Empty(host.Audit.Events);
    }

    [Fact]
    public async Task StatementsOnATrackedTableAreRecordedWithTheirColumns()
    {
        await using var host = await TenantDb.Host();
        await Seed(host);

        await host.InRequest(async context =>
        {
            var members = context.RequestServices.GetRequiredService<TenantDb>().Members;
            await members.ExecuteUpdateAsync(set => set.SetProperty(member => member.Role, TenantRole.Owner).SetProperty(member => member.Person, "eve"));
            await members.ExecuteDeleteAsync();
        });

        Assert.Equal(["Members", "Members"], host.Audit.Events.Select(recorded => Of(recorded, "table")));
        Assert.Equal([("update", "1"), ("delete", "1")], host.Audit.Events.Select(recorded => (Of(recorded, "operation")!, Of(recorded, "rows")!)));
        Assert.Equal("Role, Person", Of(host.Audit.Events[0], "columns"));
        Assert.All(host.Audit.Events, recorded => Assert.Equal(("authz_change", "permission"), (recorded.Action, recorded["security_audit.change.kind"])));
    }

    [Fact]
    public async Task ATrackedTableNeedsNoIdentity()
    {
        await using var app = await RecordedApp.Start(
            map: app => app.MapPost("/join", async (TenantDb database) =>
            {
                await database.Database.EnsureCreatedAsync();
                database.Members.Add(new TenantMember { Person = "ann" });
                await database.SaveChangesAsync();
            }),
            audit: audit => audit.Track<TenantMember>(),
            build: builder => builder.Services.AddDbContext<TenantDb>(database =>
                database.UseSqlite($"Data Source={Path.Combine(builder.Environment.ContentRootPath, "tenants.db")};Pooling=false")));

        (await app.Client.PostAsync("/join", null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        Assert.Contains("\"table\":\"Members\"", (await app.Event("authz_change")).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClassThatNoContextMapsIsNamedAtTheStart()
    {
        await using var app = await RecordedApp.Start(map: _ => { }, audit: audit => audit.Track<Note>());

        Assert.Contains("tables", (await app.Event("audit_coverage")).GetRawText(), StringComparison.Ordinal);
    }

    private static async Task Seed(IdentityHost host)
    {
        await host.InRequest(async context =>
        {
            var database = context.RequestServices.GetRequiredService<TenantDb>();
            database.Members.Add(new TenantMember { Person = "ann" });
            await database.SaveChangesAsync();
        });
        host.Audit.Clear();
    }

    private static string? Of(SecurityEvent recorded, string attribute) => recorded.Attributes.SingleOrDefault(pair => pair.Key == attribute).Value;

    private static string[] Side(SecurityEvent recorded, string side) =>
        recorded["security_audit.change." + side] is ImmutableArray<string> { IsDefault: false } values ? [.. values] : [];

    private static void AssertRow(SecurityEvent recorded, string operation, string[] before, string[] after)
    {
        Assert.Equal(operation, Of(recorded, "operation"));
        Assert.Equal(before.Order(StringComparer.Ordinal), Side(recorded, "before").Order(StringComparer.Ordinal));
        Assert.Equal(after.Order(StringComparer.Ordinal), Side(recorded, "after").Order(StringComparer.Ordinal));
    }
}
