using System.Collections.Concurrent;
using System.Text.Json;
using Autofac.Extensions.DependencyInjection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Hosting;

/// <summary>
/// One application whose seven registrations stand in every order, in the framework's container and in another; two of them take the place of
/// something that Identity and authorization bring along.
/// </summary>
public sealed class RegistrationOrderTests
{
    private static readonly Action<WebApplicationBuilder>[] Registrations =
    [
        builder => builder.AddSecurityAudit(),
        builder => builder.Services.AddIdentity<ShopUser, IdentityRole>().AddUserStore<MemoryStore>().AddRoleStore<NoRoles>(),
        builder => builder.Services.AddAuthentication(IdentityConstants.ApplicationScheme),
        builder => builder.Services.AddAuthorizationBuilder().AddPolicy("Managers", policy => policy.RequireRole("manager")),
        builder => builder.Services.AddExceptionHandler<OwnExceptionHandler>().AddProblemDetails(),
        builder => new IdentityBuilder(typeof(ShopUser), typeof(IdentityRole), builder.Services).AddSignInManager<OwnSignInManager>(),
        builder => builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, OwnResultHandler>(),
    ];

    /// <summary>What the scenario records in whatever order.</summary>
    private static readonly string[] Expected =
    [
        "authn_login_fail failure ann wrong password",
        "session_created success ann",
        "authn_login_success success ann",
        "authz_fail failure ann needs the role manager",
        "app_exception failure ann System.InvalidOperationException",
    ];

    /// <summary>Every place of each registration beside every other: the rotations of the order and of its reverse.</summary>
    public static TheoryData<string, bool> Slice =>
        [.. from rotation in Enumerable.Range(0, 7)
            from order in new[] { Rotated([0, 1, 2, 3, 4, 5, 6], rotation), Rotated([6, 5, 4, 3, 2, 1, 0], rotation) }
            from hasAutofac in new[] { false, true }
            select new TheoryDataRow<string, bool>(string.Join(' ', order), hasAutofac)];

    [Theory]
    [MemberData(nameof(Slice))]
    public async Task TheSameEventsAreRecordedInWhateverOrderTheRegistrationsStand(string order, bool hasAutofac) =>
        Assert.Equal(Expected, await RecordedIn([.. order.Split(' ').Select(text => int.Parse(text, null))], hasAutofac));

    [Theory(Explicit = true), Trait("Category", "Campaign")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheSameEventsAreRecordedInEveryOrder(bool hasAutofac)
    {
        var orders = 0;
        foreach (var order in Permutations([0, 1, 2, 3, 4, 5, 6]))
        {
            var recorded = await RecordedIn(order, hasAutofac);
            Assert.True(Expected.SequenceEqual(recorded), $"{string.Join(' ', order)}: {string.Join("; ", recorded)}");
            orders++;
        }

        Assert.Equal(5040, orders);
    }

    private static async Task<List<string>> RecordedIn(int[] order, bool hasAutofac)
    {
        var name = $"ann-{Guid.NewGuid():N}"; // the store is the process's
        var folder = Directory.CreateTempSubdirectory("sa-order-");
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = folder.FullName });
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Configuration["SecurityAudit:Journal:Directory"] = Path.Combine(folder.FullName, "audit");
        if (hasAutofac)
        {
            builder.Host.UseServiceProviderFactory(new AutofacServiceProviderFactory());
        }

        var used = new Used();
        builder.Services.AddSingleton(used);
        foreach (var at in order)
        {
            Registrations[at](builder);
        }

        await using (var app = builder.Build())
        {
            Map(app);
            await app.StartAsync();
            await VisitAsync(app.GetTestClient(), name);
            await app.StopAsync();
        }

        Assert.Equal([nameof(OwnExceptionHandler), nameof(OwnResultHandler), nameof(OwnSignInManager)], used.Names);

        var events = JournalEvents.Read(Path.Combine(folder.FullName, "audit"));
        folder.Delete(recursive: true);
        var coverage = Assert.Single(events, e => e.Text("event.action") == "audit_coverage");
        Assert.Empty(coverage.Texts("security_audit.coverage.missing"));
        Assert.Empty(coverage.Texts("security_audit.coverage.parts.missing"));
        string[] aside = ["sys_startup", "sys_shutdown", "audit_coverage", "user_created", "crypt_key_created"];
        return [.. events.Where(e => !aside.Contains(e.Text("event.action"))).Select(Words)];

        string Words(JsonElement e) => string.Join(' ', new[]
        {
            e.Text("event.action"), e.Text("event.outcome"), e.Text("user.name")?.Replace(name, "ann", StringComparison.Ordinal), e.Text("error.type") ?? e.Text("event.reason"),
        }.OfType<string>());
    }

    private static void Map(WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/account/{name}", (UserManager<ShopUser> users, string name) => users.CreateAsync(new ShopUser { UserName = name }, IdentityHost.Password));
        app.MapGet("/login/{name}/{password}", (SignInManager<ShopUser> manager, string name, string password) =>
            manager.PasswordSignInAsync(name, password, isPersistent: false, lockoutOnFailure: false));
        app.MapGet("/managers", () => "never").RequireAuthorization("Managers");
        app.MapGet("/fail", string () => throw new InvalidOperationException("on purpose"));
    }

    private static async Task VisitAsync(HttpClient client, string name)
    {
        await GetAsync($"/account/{name}");
        await GetAsync($"/login/{name}/wrong");
        var cookie = (await GetAsync($"/login/{name}/{IdentityHost.Password}")).Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        await GetAsync("/managers");
        await GetAsync("/fail");

        Task<HttpResponseMessage> GetAsync(string path) => client.GetAsync(new Uri(path, UriKind.Relative));
    }

    private static int[] Rotated(int[] order, int by) => [.. order[by..], .. order[..by]];

    private static IEnumerable<int[]> Permutations(int[] of) => of.Length <= 1
        ? [of]
        : of.SelectMany(first => Permutations([.. of.Where(other => other != first)]).Select(rest => (int[])[first, .. rest]));

    /// <summary>What of the application's own was asked, whatever stands in the container.</summary>
    private sealed class Used
    {
        private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);

        public IEnumerable<string> Names => _names.Keys.Order(StringComparer.Ordinal);

        public void Add(object own) => _names[own.GetType().Name] = true;
    }

    private sealed class OwnExceptionHandler(Used used) : IExceptionHandler
    {
        public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            used.Add(this);
            return ValueTask.FromResult(true);
        }
    }

    private sealed class OwnSignInManager(
        UserManager<ShopUser> users, IHttpContextAccessor context, IUserClaimsPrincipalFactory<ShopUser> claims, IOptions<IdentityOptions> options,
        ILogger<SignInManager<ShopUser>> logger, IAuthenticationSchemeProvider schemes, IUserConfirmation<ShopUser> confirmation, Used used)
        : SignInManager<ShopUser>(users, context, claims, options, logger, schemes, confirmation)
    {
        public override Task<SignInResult> PasswordSignInAsync(string userName, string password, bool isPersistent, bool lockoutOnFailure)
        {
            used.Add(this);
            return base.PasswordSignInAsync(userName, password, isPersistent, lockoutOnFailure);
        }
    }

    private sealed class OwnResultHandler(Used used) : IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler _inner = new();

        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            used.Add(this);
            return _inner.HandleAsync(next, context, policy, authorizeResult);
        }
    }
}
