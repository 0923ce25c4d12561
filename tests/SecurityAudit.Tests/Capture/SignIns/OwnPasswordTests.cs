using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Capture.SignIns;

/// <summary>The hasher of Identity without Identity: accounts of any type, no store.</summary>
public sealed class OwnPasswordTests
{
    private const string Password = "Passw0rd!";

    public sealed record Member(int Id, string UserName, string? Email, string Secret);

    private sealed class Opaque
    {
        public string Id => throw new InvalidOperationException("on purpose");
    }

    private static Task<RecordedApp> Start<T>(T account, Action<IServiceCollection>? register = null)
        where T : class => RecordedApp.Start(
        web =>
        {
            web.MapPost("/login", async (HttpContext context, IPasswordHasher<T> hasher, string password) =>
            {
                var right = hasher.HashPassword(account, Password);
                if (hasher.VerifyHashedPassword(account, right, password) == PasswordVerificationResult.Failed)
                {
                    return Results.Unauthorized();
                }

                await context.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity(
                    [new Claim(ClaimTypes.NameIdentifier, "7"), new Claim(ClaimTypes.Name, "ann")], "test")));
                return Results.Ok();
            });
            web.MapPost("/change", (IPasswordHasher<T> hasher, string old, string @new) =>
            {
                var right = hasher.HashPassword(account, Password);
                return hasher.VerifyHashedPassword(account, right, old) == PasswordVerificationResult.Failed ? Results.BadRequest()
                    : hasher.VerifyHashedPassword(account, right, @new) == PasswordVerificationResult.Failed ? Results.Ok()
                    : Results.BadRequest();
            }).RequireAuthorization();
        },
        build: builder => (register ?? (services => services.AddSingleton<IPasswordHasher<T>, PasswordHasher<T>>()))(builder.Services));

    private static Member Ann { get; } = new(7, "ann", "ann@shop.example", "hunter2 hunter2");

    [Fact]
    public async Task AWrongPasswordOfAnAccountOfTheApplicationsOwnIsRecordedWithTheAccountAndAnswered401()
    {
        await using var app = await Start(Ann);

        var answer = await app.Client.PostAsync("/login?password=wrong", null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var failed = await app.Event("authn_login_fail");
        Assert.Equal(("7", "ann", "wrong password", "password"),
            (failed.Text("user.id"), failed.Text("user.name"), failed.Text("event.reason"), failed.Text("security_audit.authn.method")));
        Assert.Null(failed.Text("security_audit.authn.evidence"));
        Assert.DoesNotContain("hunter2", failed.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(await app.Events("authz_fail"));
    }

    [Fact]
    public async Task ARightPasswordOfAnAccountOfTheApplicationsOwnIsASignInOfItsSession()
    {
        await using var app = await Start(Ann);

        await app.Client.PostAsync($"/login?password={Password}", null);

        var signedIn = await app.Event("authn_login_success");
        Assert.Equal(("7", "ann", "Cookies"), (signedIn.Text("user.id"), signedIn.Text("user.name"), signedIn.Text("security_audit.authn.scheme")));
        Assert.Null(signedIn.Text("security_audit.authn.evidence"));
        await app.Event("session_created");
    }

    [Fact]
    public async Task AHasherThatIsRegisteredForEveryTypeIsSeenToo()
    {
        await using var app = await Start(Ann, services => services.AddScoped(typeof(IPasswordHasher<>), typeof(PasswordHasher<>)));

        await app.Client.PostAsync("/login?password=wrong", null);

        Assert.Equal("ann", (await app.Event("authn_login_fail")).Text("user.name"));
    }

    [Fact]
    public async Task AHasherThatIsRegisteredAsItsClassIsSeenOnce()
    {
        await using var app = await Start(Ann, services => services.AddScoped<PasswordHasher<Member>>()
            .AddScoped<IPasswordHasher<Member>>(provider => provider.GetRequiredService<PasswordHasher<Member>>()));

        await app.Client.PostAsync("/login?password=wrong", null);

        Assert.Equal("ann", (await app.Event("authn_login_fail")).Text("user.name"));
    }

    [Fact]
    public async Task ATextAsAccountIsRecordedAsItsHashAlone()
    {
        await using var app = await Start("hunter2");

        await app.Client.PostAsync("/login?password=wrong", null);

        var failed = await app.Event("authn_login_fail");
        Assert.NotNull(failed.Text("user.hash"));
        Assert.DoesNotContain("hunter2", failed.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task AnAccountThatCannotBeReadIsAWrongPasswordAllTheSame()
    {
        await using var app = await Start(new Opaque());

        await app.Client.PostAsync("/login?password=wrong", null);

        Assert.Equal("wrong password", (await app.Event("authn_login_fail")).Text("event.reason"));
    }

    [Fact]
    public async Task AWrongOldPasswordIsRecordedAndANewOneThatDiffersFromTheOldIsNot()
    {
        await using var app = await Start(Ann);
        await app.Client.PostAsync($"/login?password={Password}", null);

        await app.Client.PostAsync($"/change?old={Password}&new=Another1!", null);
        await app.Client.PostAsync("/change?old=wrong&new=Another1!", null);

        var failed = await app.Event("authn_login_fail");
        Assert.Equal(("wrong password", "true"), (failed.Text("event.reason"), failed.Text("security_audit.authn.reauthentication")));
    }
}
