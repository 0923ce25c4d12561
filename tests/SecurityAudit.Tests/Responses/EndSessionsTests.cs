using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Responses;

/// <summary>The account that an alert names is signed out everywhere, on real Identity.</summary>
public sealed class EndSessionsTests
{
    [Fact]
    public async Task TheAccountThatAnAttackerSignedInToGetsANewSecurityStampAndNoOtherDoes()
    {
        await using var host = await Start();
        var (ann, bob) = (await host.Existing("ann"), await host.Existing("bob"));
        await AttackAndSignIn(host);

        var ended = Assert.Single(await Events(host, "response_sessions_ended"));
        var alert = Assert.Single(await Events(host, "alert_success_after_attack"));
        Assert.Equal(
            (ann.Id, "ann", "success_after_attack", alert.Text("security_audit.alert.id"), "end_sessions"),
            (ended.Text("user.target.id"), ended.Text("user.target.name"), ended.Text("rule.id"), ended.Text("security_audit.alert.id"),
                ended.Text("security_audit.response.kind")));
        Assert.Equal((false, true), (await Stamp(host, "ann") == ann.SecurityStamp, await Stamp(host, "bob") == bob.SecurityStamp));
    }

    [Fact]
    public async Task ATrialLeavesTheSecurityStampAsItIs()
    {
        await using var host = await Start(options => options.DryRun = true);
        var ann = await host.Existing("ann");
        await AttackAndSignIn(host);

        Assert.Equal("ann", Assert.Single(await Events(host, "response_dry_run")).Text("user.target.name"));
        Assert.Equal(ann.SecurityStamp, await Stamp(host, "ann"));
    }

    [Fact]
    public async Task AnAlertAboutAnAccountThatIsNoneOfIdentitysIsRecordedAsFailed()
    {
        await using var host = await Start();
        await Attack(host);
        host.Services.GetRequiredService<ISecurityAudit>().Record(
            SecurityEvents.AuthnLoginSuccess(new AuditUser("7", "carl")).With("source.ip", "127.0.0.1"));

        var failed = Assert.Single(await Events(host, "response_failed"));
        Assert.Equal(
            ("no account has that id and name", "7", "end_sessions"),
            (failed.Text("event.reason"), failed.Text("user.target.id"), failed.Text("security_audit.response.kind")));
    }

    [Fact]
    public async Task AStoreThatFailsIsRecordedAndHoldsNothingUp()
    {
        await using var host = await Start(identity: services =>
        {
            IdentityHost.AddCookieIdentity(services);
            services.AddScoped<IUserStore<ShopUser>, BrokenLookup>();
        });
        await host.Existing("ann");
        await AttackAndSignIn(host);

        Assert.Equal("System.InvalidOperationException was thrown", Assert.Single(await Events(host, "response_failed")).Text("event.reason"));
    }

    [Fact]
    public async Task WithoutIdentityThereIsNothingToEndAndThatIsRecorded()
    {
        await using var app = await RespondingApp.Start(options => (options.BlockSource.Enabled, options.EndSessions.Enabled) = (false, true));
        await app.Attack();
        await app.Event("alert_brute_force");
        app.Audit.Record(SecurityEvents.AuthnLoginSuccess(Some.User()).With("source.ip", RespondingApp.Attacker));

        Assert.Equal("the application has no ASP.NET Core Identity", (await app.Event("response_withheld")).Text("event.reason"));
    }

    private static Task<IdentityHost> Start(Action<ResponseOptions>? respond = null, Action<IServiceCollection>? identity = null) => IdentityHost.Start(
        identity: identity,
        configure: audit => audit.Configure(options =>
        {
            options.Response.EndSessions.Enabled = true;
            respond?.Invoke(options.Response);
        }));

    private static async Task Attack(IdentityHost host)
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            await host.Login("nobody", "guess");
        }

        await Events(host, "alert_brute_force");
    }

    private static async Task AttackAndSignIn(IdentityHost host)
    {
        await Attack(host);
        await host.Login("ann");
    }

    private static async Task<List<System.Text.Json.JsonElement>> Events(IdentityHost host, string action)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(20); ; await Task.Delay(5))
        {
            var found = (await host.Recorded()).FindAll(e => e.Text("event.action") == action);
            if (found.Count > 0 || DateTime.UtcNow > deadline)
            {
                return found;
            }
        }
    }

    private static async Task<string?> Stamp(IdentityHost host, string name)
    {
        string? stamp = null;
        await host.WithOwnScope(async users => stamp = (await users.FindByNameAsync(name))!.SecurityStamp);
        return stamp;
    }

    private sealed class BrokenLookup(ShopDb db) : Microsoft.AspNetCore.Identity.EntityFrameworkCore.UserStore<ShopUser>(db)
    {
        public override Task<ShopUser?> FindByIdAsync(string userId, CancellationToken cancellationToken = default) => throw new InvalidOperationException("hunter2");
    }
}
