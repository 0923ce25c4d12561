using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Tests.Identity;

/// <summary>The shapes in which applications set Identity up.</summary>
public sealed class IdentityShapesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheOrderOfRegistrationDoesNotMatter(bool auditFirst)
    {
        await using var host = await IdentityHost.Start(auditFirst);
        var ann = await host.Existing();

        await host.Login("ann", "wrong");
        await host.Login("nobody");

        Assert.Equal([ann.Id, null], host.Audit.Events.Select(recorded => recorded.User!.Id));
        Assert.NotNull(host.Audit.Events[1]["user.hash"]);
    }

    [Fact]
    public async Task IdentityApiEndpointsAreCaptured()
    {
        await using var host = await IdentityHost.Start(identity: IdentityHost.AddApiIdentity);
        await host.Send(() => host.Client.PostAsJsonAsync("/register", new { email = "ann@example.org", password = IdentityHost.Password }));
        host.Audit.Clear();

        await host.Send(() => host.Client.PostAsJsonAsync("/login", new { email = "ann@example.org", password = "wrong" }));
        await host.Send(() => host.Client.PostAsJsonAsync("/login", new { email = "nobody@example.org", password = "wrong" }));
        var response = await host.Send(() => host.Client.PostAsJsonAsync("/login", new { email = "ann@example.org", password = IdentityHost.Password }));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            [("authn_login_fail", "ann@example.org"), ("authn_login_fail", null), ("authn_login_successafterfail", "ann@example.org")],
            host.Audit.Events.Select(recorded => (recorded.Action, recorded.User!.Name)));
        Assert.Equal("Identity.Bearer", host.Audit.Events[^1]["security_audit.authn.scheme"]);
    }

    [Fact]
    public async Task ManagersOfTheApplicationsOwnAreCaptured()
    {
        await using var host = await IdentityHost.Start(identity: services => services
            .AddIdentity<ShopUser, IdentityRole>(IdentityHost.Configure)
            .AddEntityFrameworkStores<ShopDb>()
            .AddDefaultTokenProviders()
            .AddUserManager<OwnUserManager>()
            .AddSignInManager<OwnSignInManager>());
        var ann = await host.Existing();

        await host.Login("ann");

        Assert.Equal(("authn_login_success", ann.Id), (Assert.Single(host.Audit.Events).Action, host.Audit.Events[0].User!.Id));
    }

    [Fact]
    public async Task AHasherOfTheApplicationsOwnIsKeptAndSeen()
    {
        await using var host = await IdentityHost.Start(identity: services =>
        {
            services.AddScoped<IPasswordHasher<ShopUser>, OwnHasher>();
            IdentityHost.AddCookieIdentity(services);
        });
        var ann = await host.Existing();

        await host.Login("ann", "wrong");

        Assert.Equal(ann.Id, Assert.Single(host.Audit.Events).User!.Id);
        await host.WithUsers(async users => Assert.StartsWith("own:", (await users.FindByIdAsync(ann.Id))!.PasswordHash, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TwoHostsInOneProcessDoNotHearEachOther()
    {
        await using var first = await IdentityHost.Start();
        await using var second = await IdentityHost.Start();
        await first.Existing();
        second.Audit.Clear();

        await first.Login("ann");
        await first.Login("ann", "wrong");
        await first.WithUsers(async users => await users.SetEmailAsync((await users.FindByNameAsync("ann"))!, "new@example.org"));

        Assert.NotEmpty(first.Audit.Events);
        Assert.Empty(second.Audit.Events);
    }

    [Fact]
    public async Task ARecorderThatThrowsNeverBreaksALogin()
    {
        var broken = new BrokenAudit();
        await using var host = await IdentityHost.Start(identity: services =>
        {
            IdentityHost.AddCookieIdentity(services);
            services.AddSingleton<ISecurityAudit>(broken);
        });
        host.LosesEvents = true;
        await host.Existing();
        broken.Throws = true;
        SignInResult? right = null, wrong = null;

        await host.WithSignIn(async signIn => wrong = await signIn.PasswordSignInAsync("ann", "wrong", false, true));
        await host.WithSignIn(async signIn => right = await signIn.PasswordSignInAsync("ann", IdentityHost.Password, false, true));

        Assert.True(right!.Succeeded);
        Assert.False(wrong!.Succeeded);
        Assert.True(broken.Calls > 1);
    }

    [Fact]
    public async Task ARequestWithoutAnyOfThisCarriesNoEvidence()
    {
        await using var host = await IdentityHost.Start();
        var carried = true;

        await host.InRequest(context =>
        {
            carried = context.Features.Any(feature => feature.Key.Name == "IdentityTrail");
            return Task.CompletedTask;
        });

        Assert.False(carried);
    }

    private sealed class BrokenAudit : ISecurityAudit
    {
        public bool Throws { get; set; }

        public int Calls { get; private set; }

        public void Record(SecurityEvent securityEvent)
        {
            if (Throws)
            {
                Calls++;
                throw new InvalidOperationException("the journal is gone");
            }
        }

        public ValueTask RecordAsync(SecurityEvent securityEvent, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }

    private sealed class OwnHasher : IPasswordHasher<ShopUser>
    {
        public string HashPassword(ShopUser user, string password) => "own:" + password.Length;

        public PasswordVerificationResult VerifyHashedPassword(ShopUser user, string hashedPassword, string providedPassword) =>
            hashedPassword == HashPassword(user, providedPassword) ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed;
    }

    private sealed class OwnUserManager(
        IUserStore<ShopUser> store, IOptions<IdentityOptions> options, IPasswordHasher<ShopUser> hasher, IEnumerable<IUserValidator<ShopUser>> users,
        IEnumerable<IPasswordValidator<ShopUser>> passwords, ILookupNormalizer normalizer, IdentityErrorDescriber errors, IServiceProvider services,
        ILogger<UserManager<ShopUser>> logger)
        : UserManager<ShopUser>(store, options, hasher, users, passwords, normalizer, errors, services, logger);

    private sealed class OwnSignInManager(
        UserManager<ShopUser> users, IHttpContextAccessor accessor, IUserClaimsPrincipalFactory<ShopUser> factory, IOptions<IdentityOptions> options,
        ILogger<SignInManager<ShopUser>> logger, IAuthenticationSchemeProvider schemes, IUserConfirmation<ShopUser> confirmation)
        : SignInManager<ShopUser>(users, accessor, factory, options, logger, schemes, confirmation);
}
