using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Identity;

/// <summary>
/// Several sign-ins at once in one request, with real Identity on SQLite, each in a scope of its own as its database demands.
/// </summary>
public sealed class ParallelSignInTests
{
    [Fact]
    public async Task SignInsAtOnceInOneRequestAreEachRecordedOnceWithTheirOwnAccount()
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();
        var bob = await host.Existing("bob");
        await host.Existing("eve", (users, user) => users.SetLockoutEndDateAsync(user, DateTimeOffset.UtcNow.AddHours(1)));

        await host.InRequest(context => Task.WhenAll(
            SignIn(context, "ann", "wrong"), SignIn(context, "bob", "wrong"), SignIn(context, "nobody", "wrong"),
                SignIn(context, "eve", IdentityHost.Password)));

        Assert.All(host.Audit.Events, recorded => Assert.Equal("authn_login_fail", recorded.Action));
        Assert.Equal(4, host.Audit.Events.Count);
        Assert.Equal(
            new[] { ann.Id, bob.Id }.Order(StringComparer.Ordinal),
            host.Audit.Events.Where(recorded => recorded.Reason == "wrong password").Select(recorded => recorded.User!.Id!)
                .Order(StringComparer.Ordinal));
        Assert.All(host.Audit.Events.Where(recorded => recorded.Reason == "locked out"), recorded =>
            Assert.True(recorded.User!.Name is null or "eve"));
        Assert.DoesNotContain(host.Audit.Events, recorded => recorded is { Reason: "unknown user", User.Exists: true });
        Assert.DoesNotContain("nobody", await host.Journal(), StringComparison.Ordinal);
    }

    private static async Task SignIn(HttpContext context, string name, string password)
    {
        await Task.Yield();
        await using var scope = context.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SignInManager<ShopUser>>()
            .PasswordSignInAsync(name, password, isPersistent: false, lockoutOnFailure: false);
    }
}
