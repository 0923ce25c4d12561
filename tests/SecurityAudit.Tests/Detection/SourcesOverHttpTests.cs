using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Detection;

namespace SecurityAudit.Tests.Detection;

/// <summary>Attacks and honest people who come from several addresses, over real HTTP on loopback.</summary>
public sealed class SourcesOverHttpTests
{
    private const string Attacker = "127.0.0.66";
    private const string Office = "127.0.0.20";

    [Fact]
    public async Task OneAccountThatIsTriedFromManyAddressesIsToldOverHttpAndItsOwnersSignInIsNot()
    {
        await using var app = await StartAsync();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            await GetAsync(app, $"127.0.0.{100 + (attempt % 5)}", "/fail?name=ada");
        }

        await ToldAsync(app, "alert_distributed_brute_force");
        await GetAsync(app, Office, "/sign-in?name=ada");
        await GetAsync(app, "127.0.0.104", "/fail?name=ada");
        await GetAsync(app, "127.0.0.104", "/sign-in?name=ada");
        var success = await ToldAsync(app, "alert_success_after_attack");
        Assert.Equal("127.0.0.104", success.Text("source.ip"));
    }

    [Fact]
    public async Task StolenNamesThatAreTriedOnceEachAreToldOverHttpAndTheOneThatFitsToo()
    {
        await using var app = await StartAsync();
        for (var attempt = 0; attempt < 25; attempt++)
        {
            await GetAsync(app, Attacker, $"/fail?name=user-{attempt}");
        }

        await ToldAsync(app, "alert_credential_stuffing");
        await GetAsync(app, Office, "/sign-in?name=user-3");
        await GetAsync(app, Attacker, "/sign-in?name=user-26");
        Assert.Equal("user-26", (await ToldAsync(app, "alert_success_after_attack")).Text("user.name"));
    }

    [Fact]
    public async Task WhoAsksForOnePlaceAfterAnotherIsToldOverHttpAndABrokenLinkIsNot()
    {
        await using var app = await StartAsync();
        for (var visit = 0; visit < 30; visit++)
        {
            await GetAsync(app, Office, "/staff/the-old-page");
            await GetAsync(app, Attacker, $"/staff/{visit}");
        }

        Assert.Equal(Attacker, (await ToldAsync(app, "alert_forced_browsing")).Text("source.ip"));
    }

    [Fact]
    public async Task AHoneytokenIsToldOverHttpByItsNameAndByItsPath()
    {
        await using var app = await StartAsync(options =>
        {
            options.Detection.Honeytokens.Add("svc-backup");
            options.Detection.Honeytokens.Add("/staff/payroll");
        });
        await GetAsync(app, Attacker, "/fail?name=SVC-Backup");
        Assert.Equal(Attacker, (await ToldAsync(app, "alert_honeytoken")).Text("source.ip"));

        await GetAsync(app, Office, "/staff/payroll");
        await ToldAsync(app, "alert_honeytoken", count: 2);
    }

    [Fact]
    public async Task AnAdministratorFromANewNetworkAndImpossiblyFarAwayIsToldOverHttp()
    {
        await using var app = await StartAsync(null, services => services.AddSingleton<ILocationResolver, Places>());
        await GetAsync(app, Office, "/sign-in?name=owner&role=Admin");
        await GetAsync(app, Office, "/sign-in?name=owner&role=Admin");
        await GetAsync(app, Attacker, "/sign-in?name=owner&role=Admin");

        Assert.Equal("owner", (await ToldAsync(app, "alert_new_source_for_administrator")).Text("user.name"));
        Assert.Equal(Attacker, (await ToldAsync(app, "alert_impossible_travel")).Text("source.ip"));
    }

    private static Task<RecordedApp> StartAsync(Action<SecurityAuditOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "macOS has one loopback address");
        return RecordedApp.Start(
            web =>
            {
                web.MapGet("/fail", (string name, ISecurityAudit audit) =>
                {
                    audit.SignInFailed(new AuditUser(null, name) { Exists = false }, "wrong password");
                    return TypedResults.Unauthorized();
                });
                web.MapGet("/sign-in", (string name, string? role, ISecurityAudit audit, HttpContext context) =>
                {
                    audit.SignedIn(Some.User(name) with { Roles = role is null ? [] : [role] });
                    return context.SignInAsync(Some.Principal(name, role is null ? [] : [role]));
                });
                web.MapGet("/staff/{page}", (string page) => page).RequireAuthorization("Managers");
            },
            audit => audit.SignInsAreReported().Configure(options => configure?.Invoke(options)),
            builder => services?.Invoke(builder.Services));
    }

    private static async Task GetAsync(RecordedApp app, string source, string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = async (context, stop) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
                await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var answer = await client.GetAsync(new Uri(app.Client.BaseAddress!, path), TestContext.Current.CancellationToken);
    }

    /// <summary>The last alert of that name, when there are that many.</summary>
    private static async Task<JsonElement> ToldAsync(RecordedApp app, string action, int count = 1) => (await app.Events(action, count))[^1];

    private sealed class Places : ILocationResolver
    {
        public (double Latitude, double Longitude)? Locate(IPAddress address) => address.ToString() == Office ? (52.37, 4.90) : (-36.85, 174.76);
    }
}
