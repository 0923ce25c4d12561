using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Identity;

/// <summary>Sign-ins of many people from many addresses at once, in requests of their own, with real Identity on SQLite.</summary>
public sealed class ManySignInsTests
{
    private const int Accounts = 100;
    private const int AtOnce = 64;

    [Theory]
    [InlineData(1_000)]
    [InlineData(10_000, Explicit = true)]
    public async Task EachOfThousandsOfSignInsAtOnceNamesTheRightPersonAndAddress(int signIns)
    {
        await using var host = await Start();
        var names = Enumerable.Range(0, Accounts).Select(number => $"user{number.ToString(CultureInfo.InvariantCulture)}").ToList();
        var ids = (await Task.WhenAll(names.Select(async name => (name, (await Account(host, name)).Id)))).ToDictionary(pair => pair.name, pair => pair.Id);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce, UseCookies = false }) { BaseAddress = host.Client.BaseAddress };

        await Parallel.ForEachAsync(Enumerable.Range(0, signIns), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, cancellationToken) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/sign-in?name={Name(number)}&password={(IsRight(number) ? IdentityHost.Password : "wrong")}");
            request.Headers.Add("X-Forwarded-For", Address(number));
            using var response = await client.SendAsync(request, cancellationToken);
            Assert.Equal(IsRight(number) ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        });

        var recorded = (await host.Recorded()).Where(e => e.Text("event.action") is "authn_login_success" or "authn_login_fail").ToList();
        var attempts = recorded.ToDictionary(e => e.Text("source.ip")!);
        Assert.Equal(signIns, attempts.Count);
        Assert.All(Enumerable.Range(0, signIns), number =>
        {
            var attempt = attempts[Address(number)];
            Assert.Equal((IsRight(number) ? "success" : "failure", ids.GetValueOrDefault(Name(number))), (attempt.Text("event.outcome"), attempt.Text("user.id")));
            Assert.Equal(IsKnown(number) ? Name(number) : null, attempt.Text("user.name"));
            Assert.Equal(IsRight(number) ? null : IsKnown(number) ? "wrong password" : "unknown user", attempt.Text("event.reason"));
        });

        string Name(int number) => IsKnown(number) ? names[number % Accounts] : $"nobody{number.ToString(CultureInfo.InvariantCulture)}";
        static bool IsKnown(int number) => number % 5 != 0;
        static bool IsRight(int number) => IsKnown(number) && number % 3 == 0;
        static string Address(int number) => $"10.1.{number / 250}.{1 + (number % 250)}";
    }

    private static Task<IdentityHost> Start() => IdentityHost.Start(
        identity: services =>
        {
            IdentityHost.AddCookieIdentity(services);
            services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1); // what it costs to compare is not what is tried here
            services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = ForwardedHeaders.XForwardedFor);
        },
        map: web =>
        {
            web.UseForwardedHeaders();
            web.MapPost("/sign-in", async (string name, string password, SignInManager<ShopUser> manager) =>
                (await manager.PasswordSignInAsync(name, password, isPersistent: false, lockoutOnFailure: false)).Succeeded ? Results.Ok() : Results.Unauthorized());
        });

    private static async Task<ShopUser> Account(IdentityHost host, string name)
    {
        var user = new ShopUser { UserName = name };
        await host.WithOwnScope(async users => Assert.True((await users.CreateAsync(user, IdentityHost.Password)).Succeeded));
        return user;
    }
}
