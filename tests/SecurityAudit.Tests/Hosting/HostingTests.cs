using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Tests.Hosting;

public sealed class HostingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheOneLineMayStandBeforeOrAfterTheApplicationsRegistrations(bool before)
    {
        await using var app = await RecordedApp.Start(
            web => web.MapGet("/", () => "").RequireAuthorization("Managers"),
            build: before ? null : RecordedApp.AddCookies,
            buildAfter: before ? RecordedApp.AddCookies : _ => { });

        await app.Client.GetAsync("/");

        Assert.Equal("Managers", (await app.Event("authz_fail")).Text("rule.name"));
    }

    [Fact]
    public async Task TheStartAndTheStopOfTheApplicationAreRecordedAndWhatIsCovered()
    {
        var folder = Directory.CreateTempSubdirectory("sa-host-");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder.FullName });
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.AddSecurityAudit();
        await using (var app = builder.Build())
        {
            await app.StartAsync();
            await app.StopAsync();
        }

        var events = JournalEvents.Read(Path.Combine(folder.FullName, "audit"));
        Assert.Equal(["sys_startup", "audit_coverage", "sys_shutdown"], events.Select(e => e.Text("event.action")));
        Assert.Contains("denials", events[1].Texts("security_audit.coverage.captured"));
        Assert.Contains("sessions", events[1].Texts("security_audit.coverage.captured"));
        Assert.Empty(events[1].Texts("security_audit.coverage.missing"));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task AnEvaluatorOfPoliciesThatDisplacedOursIsNamedAtTheStart()
    {
        await using var app = await RecordedApp.Start(_ => { }, buildAfter: builder =>
            builder.Services.AddAuthorization().AddTransient<IPolicyEvaluator, PolicyEvaluator>());

        Assert.Equal("not covered: denials", (await app.Event("audit_coverage")).Text("event.reason"));
    }

    [Fact]
    public async Task AHookThatAnotherRegistrationDisplacedIsNamedAtTheStart()
    {
        await using var app = await RecordedApp.Start(_ => { }, buildAfter: builder =>
            builder.Services.AddScoped<IAuthenticationService, AuthenticationService>());

        var coverage = await app.Event("audit_coverage");
        // Challenges and refusals pass the same service.
        Assert.Equal("not covered: sessions, denials, service:IAuthenticationService", coverage.Text("event.reason"));
        Assert.Contains("AuthenticationService took its place", string.Concat(coverage.Texts("security_audit.coverage.remedies")), StringComparison.Ordinal);
        Assert.Equal("73", coverage.Text("event.severity"));
    }

    [Fact]
    public async Task AddingItTwiceRecordsEachEventOnce()
    {
        await using var app = await RecordedApp.Start(
            web => web.MapGet("/", () => "").RequireAuthorization(),
            build: builder => builder.AddSecurityAudit());

        await app.Client.GetAsync("/");

        await app.Event("authz_fail");
        await app.Event("sys_startup");
    }

    [Fact]
    public async Task AHostWithoutAWebServerRecordsToo()
    {
        var folder = Directory.CreateTempSubdirectory("sa-worker-");
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder.FullName });
        builder.Logging.ClearProviders();
        builder.AddSecurityAudit();
        using (var host = builder.Build())
        {
            await host.StartAsync();
            await host.Services.GetRequiredService<ISecurityAudit>().RecordAsync(Some.Event("report_sent"));
            await host.StopAsync();
        }

        Assert.Contains(JournalEvents.Read(Path.Combine(folder.FullName, "audit")), e => e.Text("event.action") == "report_sent");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task TheHealthCheckSaysWhetherTheJournalCanBeWritten()
    {
        await using var app = await RecordedApp.Start(_ => { });

        var health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Healthy, health.Entries["security-audit-journal"].Status);
    }

    [Fact]
    public async Task SwitchingDetectionOffIsAnEventItself()
    {
        await using var app = await RecordedApp.Start(_ => { }, audit => audit.Configure(options => options.Detection.Enabled = false));

        Assert.Equal("detection", (await app.Event("sys_monitor_disabled")).Attribute("monitor"));
    }

    [Fact]
    public async Task TheApplicationsOwnLoggingIsUntouched()
    {
        await using var app = await RecordedApp.Start(_ => { });

        Assert.IsNotType<Serilog.Extensions.Logging.SerilogLoggerFactory>(app.Services.GetRequiredService<ILoggerFactory>());
    }
}
