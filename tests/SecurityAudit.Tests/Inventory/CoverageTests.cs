using System.Net.Sockets;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Capture;
using SecurityAudit.Hosting;
using SecurityAudit.Inventory;
using SecurityAudit.Survey;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Inventory;

public sealed class CoverageTests
{
    private const string Covered = "security_audit.coverage.parts.covered";
    private const string Partial = "security_audit.coverage.parts.partial";
    private const string Missing = "security_audit.coverage.parts.missing";

    [Fact]
    public async Task EachPartOfTheApplicationIsNamedAtTheStart()
    {
        await using var app = await RecordedApp.Start(
            web =>
            {
                web.UseAntiforgery();
                web.MapHub<ChatHub>("/chat");
                web.MapPost("/pay", ([FromForm] string amount) => amount);
                web.MapPost("/upload", ([FromForm] string name) => name).DisableAntiforgery();
            },
            build: builder =>
            {
                builder.Services.AddSignalR();
                builder.Services.AddAntiforgery();
                builder.Services.AddHostedService<Mailer>();
                builder.Services.AddHostedService<Opening>();
                builder.Services.AddDbContext<ShopDb>(options => options.UseSqlite("Data Source=:memory:"));
                builder.Services.AddDbContextFactory<OrdersDb>(options => options.UseSqlite("Data Source=:memory:"));
                builder.Services.AddAuthentication()
                    .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>("ApiKey", null)
                    .AddPolicyScheme("Either", null, options => options.ForwardDefault = CookieAuthenticationDefaults.AuthenticationScheme)
                    .AddOAuth("Partner", WithEverything);
            });

        var coverage = await app.Event("audit_coverage");
        string[] named = [.. coverage.Texts(Covered), .. coverage.Texts(Partial), .. coverage.Texts(Missing)];
        Assert.Superset(
            new HashSet<string>(
            [
                "scheme:Cookies", "scheme:Either", "scheme:ApiKey", "scheme:Partner", "hub:/chat ChatHub", "form:POST /pay", "form:POST /upload",
                "db_context:ShopDb", "db_context:OrdersDb", "background_service:Mailer", "background_service:Opening",
            ]),
            new HashSet<string>(named));
        Assert.Equal(named.Length, named.Distinct().Count());
        Assert.Superset(
            new HashSet<string>(["scheme:Cookies", "scheme:Either", "form:POST /pay", "db_context:ShopDb", "background_service:Mailer"]),
            new HashSet<string>(coverage.Texts(Covered)));
        Assert.Contains(coverage.Texts(Covered), part => part.StartsWith("address:http://127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains("background_service:Opening", coverage.Texts(Partial));
        Assert.Contains("form:POST /upload", coverage.Texts(Missing));
        Assert.Equal(("failure", "73"), (coverage.Text("event.outcome"), coverage.Text("event.severity")));
        Assert.All(
            (string[])[.. coverage.Texts(Partial), .. coverage.Texts(Missing)],
            gap => Assert.Contains(coverage.Texts("security_audit.coverage.remedies"), remedy => remedy.Contains(gap, StringComparison.Ordinal)));
    }

    [Fact]
    public void OfAPartThatNoHookKnowsNothingIsRecordedAndTheReportSaysSo()
    {
        var part = new ApplicationPart("rpc", "/greet.Greeter", new object(), "Record it.");
        using var services = new ServiceCollection().BuildServiceProvider();

        Assert.Equal(new CoverageItem("rpc", "/greet.Greeter", CoverageState.Missing, "Record it."), CoverageSurvey.Judge(part, CaptureHooks.All, services));
        Assert.Equal(CoverageState.Covered, CoverageSurvey.Judge(part, [new Says(part.Partly("some")), new Says(part.Covered())], services).State);
        Assert.Equal(CoverageState.Partial, CoverageSurvey.Judge(part, [new Says(part.Missing()), new Says(part.Covered())], services).State);
    }

    [Fact]
    public async Task AnApplicationWithThousandsOfEndpointsLosesNoCoverageEvent()
    {
        await using var app = await RecordedApp.Start(web =>
        {
            for (var n = 0; n < 3000; n++)
            {
                web.MapPost($"/{new string('x', 200)}/{n}", ([FromForm] string name) => name).DisableAntiforgery();
            }
        });

        var coverage = await app.Event("audit_coverage");
        Assert.Null(coverage.Text("security_audit.truncated"));
        Assert.Equal(32, coverage.Texts(Missing).Length);
        Assert.Equal("form:… and 2969 more", coverage.Texts(Missing)[^1]);
        Assert.Contains("more", coverage.Text("event.reason"), StringComparison.Ordinal);
        Assert.Equal(3000, (await SecurityAuditCoverage.OfAsync(app.Services)).Missing.Count(item => item.Kind == "form"));
    }

    [Fact]
    public async Task AWorkerWithoutRequestsClaimsNeitherSessionsNorDenials()
    {
        var folder = Directory.CreateTempSubdirectory("sa-worker-");
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder.FullName });
        builder.Logging.ClearProviders();
        builder.AddSecurityAudit();
        builder.Services.AddHostedService<Mailer>();
        using (var host = builder.Build())
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        var coverage = Assert.Single(JournalEvents.Read(Path.Combine(folder.FullName, "audit")), e => e.Text("event.action") == "audit_coverage");
        Assert.Equal(["exceptions"], coverage.Texts("security_audit.coverage.captured"));
        Assert.Equal("success", coverage.Text("event.outcome"));
        Assert.Superset(
            new HashSet<string>(["sessions", "denials", "activities"]), new HashSet<string>(coverage.Texts("security_audit.coverage.not_applicable")));
        Assert.Equal(["background_service:Mailer"], coverage.Texts(Covered));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task AUnixSocketWithoutRemoteAddressesIsNamedAndDetectionGoesOn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix sockets");
        var socket = Path.Combine(Path.GetTempPath(), $"sa-{Guid.NewGuid():N}.sock");
        await using var app = await RecordedApp.Start(
            web => web.MapGet("/try/{n:int}", (int n, ISecurityAudit audit) =>
                audit.Record(SecurityEvents.AuthnLoginFail(new AuditUser($"{n % 6}", $"user-{n % 6}"), "wrong password"))),
            build: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket)));
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), stop);
                return new NetworkStream(connection, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri("http://localhost"),
        };

        for (var n = 0; n < 18; n++)
        {
            (await client.GetAsync(new Uri($"/try/{n}", UriKind.Relative), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }

        Assert.Contains((await app.Event("audit_coverage")).Texts(Partial), part => part.StartsWith("address:http://unix:", StringComparison.Ordinal));
        var alert = await app.Event("alert_password_spraying");
        Assert.StartsWith("Somebody at an unknown address is trying common passwords", alert.Text("message"), StringComparison.Ordinal);
        Assert.Null(alert.Text("source.ip"));
    }

    [Fact]
    public async Task TheHealthCheckShowsWhatIsNotCovered()
    {
        await using var whole = await RecordedApp.Start(_ => { }, audit => audit.SignInsAreReported());
        await using var displaced = await RecordedApp.Start(
            _ => { }, audit => audit.SignInsAreReported(), buildAfter: builder => builder.Services.AddScoped<IAuthenticationService, AuthenticationService>());

        Assert.Equal(HealthStatus.Healthy, (await HealthOf(whole)).Status);
        var health = await HealthOf(displaced);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.StartsWith("Not covered: hook:sessions, hook:denials", health.Description, StringComparison.Ordinal);
    }

    internal static async Task<HealthReportEntry> HealthOf(RecordedApp app) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["security-audit-coverage"];

    private static void WithEverything(OAuthOptions options)
    {
        (options.ClientId, options.ClientSecret, options.CallbackPath) = ("id", "of no use", "/back");
        options.AuthorizationEndpoint = options.TokenEndpoint = "https://partner.example/";
    }

    private sealed class Says(CoverageItem answer) : CaptureHook
    {
        public override string Name => "says";

        public override string Captures => "nothing";

        public override string Through => "nothing";

        public override Coverage? Check(IServiceProvider scope) => null;

        public override CoverageItem Judge(ApplicationPart part, IServiceProvider scope) => answer;
    }

    private sealed class ChatHub : Hub;

    private sealed class OrdersDb(DbContextOptions<OrdersDb> options) : DbContext(options);

    private sealed class Mailer : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }

    private sealed class Opening : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }
}
