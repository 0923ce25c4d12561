using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Detection;

/// <summary>Attacks and honest people over real HTTP, with the real Identity: what rules count is there on each attempt.</summary>
public sealed class AttackOverHttpTests
{
    [Fact]
    public async Task AGuessedPasswordIsToldThoughTheAccountIsLockedMeanwhile()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            await host.Login("ann", $"guess-{attempt}");
        }

        var alert = await AlertAsync(host, "alert_brute_force");
        Assert.Equal(("ann", "127.0.0.1", "10"), (alert.Text("user.name"), alert.Text("source.ip"), alert.Text("security_audit.alert.attempts")));
    }

    [Fact]
    public async Task NamesThatNobodyHasAreToldAsASprayOverHttp()
    {
        await using var host = await IdentityHost.Start();
        for (var attempt = 0; attempt < 15; attempt++)
        {
            await host.Login($"nobody-{attempt % 7}");
        }

        var alert = await AlertAsync(host, "alert_password_spraying");
        Assert.Equal(("15", "7"), (alert.Text("security_audit.alert.attempts"), alert.Text("security_audit.alert.distinct")));
    }

    [Fact]
    public async Task AnOfficeOverHttpWhoseEveryThirdMistypesOnceRaisesNothing()
    {
        await using var host = await IdentityHost.Start();
        for (var clerk = 0; clerk < 50; clerk++)
        {
            await host.Existing($"clerk-{clerk}");
            if (clerk % 3 == 0)
            {
                await host.Login($"clerk-{clerk}", "mistyped");
            }

            await host.Login($"clerk-{clerk}");
        }

        await host.Existing("visitor");
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await host.Login("visitor", "wrong");
        }

        // What comes last is told last: when it is, all before it was judged.
        await host.InRequest(context =>
        {
            context.RequestServices.GetRequiredService<ISecurityAudit>().Record(SecurityEvents.HoneytokenUsed("the end"));
            return Task.CompletedTask;
        });
        await AlertAsync(host, "alert_honeytoken");
        Assert.Equal(["alert_honeytoken"], (await Alerts(host)).Select(alert => alert.Text("event.action")));
    }

    [Fact]
    public async Task WhoGivesThemselvesARoleIsToldOverHttp()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();
        await host.InRequest(async context =>
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, ann.Id), new(ClaimTypes.Name, "ann")], "test"));
            await context.RequestServices.GetRequiredService<RoleManager<IdentityRole>>().CreateAsync(new IdentityRole("Admin"));
            var users = context.RequestServices.GetRequiredService<UserManager<ShopUser>>();
            await users.AddToRoleAsync((await users.FindByIdAsync(ann.Id))!, "Admin");
        });

        var alert = await AlertAsync(host, "alert_privilege_escalation");
        Assert.Equal("ann may have taken rights that are not theirs: ann gave ann the role Admin.", alert.Text("message"));
        var change = (await host.Recorded()).First(e => e.Text("event.action") == "authz_change" && e.Text("user.target.id") is not null);
        Assert.Equal("true", change.Text("security_audit.change.own"));
    }

    [Fact]
    public async Task ManyAccountsThatFailuresLockAreToldOverHttp()
    {
        await using var host = await IdentityHost.Start();
        foreach (var name in (string[])["ann", "bob", "cid"])
        {
            await host.Existing(name);
            for (var attempt = 0; attempt < 3; attempt++)
            {
                await host.Login(name, "wrong");
            }
        }

        Assert.Equal("3", (await AlertAsync(host, "alert_lockout_storm")).Text("security_audit.alert.distinct"));
    }

    private static async Task<List<JsonElement>> Alerts(IdentityHost host) => [.. (await host.Recorded()).Where(e => e.Text("event.kind") == "alert")];

    private static async Task<JsonElement> AlertAsync(IdentityHost host, string action)
    {
        JsonElement? found = null;
        for (var deadline = DateTime.UtcNow.AddSeconds(20); found is null && DateTime.UtcNow < deadline; await Task.Delay(5))
        {
            found = (await Alerts(host)).Where(e => e.Text("event.action") == action).Select(e => (JsonElement?)e).FirstOrDefault();
        }

        Assert.NotNull(found);
        return found.Value;
    }
}
