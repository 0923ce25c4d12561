using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.Internal;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Tests.Hosting;

public sealed class OtherHostsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-hosts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task UnderTheTestServerAnUnhandledExceptionIsRecordedToo()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.FullName });
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.AddSecurityAudit(InTheFolder);
        await using (var app = builder.Build())
        {
            app.MapGet("/fail", string () => throw new InvalidOperationException());
            await app.StartAsync();
            await Assert.ThrowsAsync<InvalidOperationException>(() => app.GetTestClient().GetAsync("/fail"));
            await app.StopAsync();
        }

        Assert.Single(Events(), "app_exception");
    }

    [Fact]
    public async Task AHostBuilderWithBareServicesRecordsWhatItCan()
    {
        using (var host = new HostBuilder()
            .UseContentRoot(_folder.FullName)
            .ConfigureWebHost(web => web
                .UseTestServer()
                .ConfigureServices(services => services.AddRouting().AddSecurityAudit(configure: InTheFolder))
                .Configure(
                    app => app.UseRouting().UseAuthorization()
                        .UseEndpoints(endpoints => endpoints.MapGet("/bare", () => Microsoft.AspNetCore.Http.Results.StatusCode(403)))))
            .Build())
        {
            await host.StartAsync();
            await host.GetTestClient().GetAsync("/bare");
            await host.StopAsync();
        }

        Assert.Equal(["sys_startup", "audit_coverage", "authz_fail", "sys_shutdown"], Events());
    }

    [Fact]
    public async Task WhatIsRegisteredAfterBareServicesWithoutAHostDisplacesAHookAndIsNamed()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<IHostEnvironment>(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { ContentRootPath = _folder.FullName });
        services.AddSingleton<IHostApplicationLifetime, Microsoft.Extensions.Hosting.Internal.ApplicationLifetime>();
        services.AddCors().AddAntiforgery().AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddSecurityAudit(configure: InTheFolder);
        services.AddTransient<ICorsService, CorsService>();
        services.AddSingleton<IKeyManager>(provider => new XmlKeyManager(
            provider.GetRequiredService<IOptions<KeyManagementOptions>>(), provider.GetRequiredService<IActivator>()));
        await using var provider = services.BuildServiceProvider();

        var coverage = await SecurityAuditCoverage.OfAsync(provider);

        Assert.Contains("hook:antiforgery", coverage.Covered.Select(item => item.ToString()));
        Assert.Equal(
            ["hook:cross_origin", "hook:protection_keys", "service:ICorsService", "service:IKeyManager"],
            coverage.Missing.Select(item => item.ToString()).Order(StringComparer.Ordinal));
    }

    private List<string?> Events() => [.. JournalEvents.Read(Audit).Select(e => e.Text("event.action"))];

    private string Audit => Path.Combine(_folder.FullName, "audit");

    private void InTheFolder(SecurityAuditBuilder audit) => audit.Configure(options => options.Journal.Directory = Audit);
}
