using Autofac;
using Autofac.Extensions.DependencyInjection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Hosting;

/// <summary>The one line on every kind of host, with the container of the framework and with another.</summary>
public sealed class HostBuilderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-builders-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task OnAHostBuilderTheOneLineMayStandBeforeOrAfterTheStartupClass(bool isFirst, bool hasAutofac)
    {
        var builder = Classic(hasAutofac);
        _ = isFirst ? builder.AddSecurityAudit() : builder;
        builder.ConfigureWebHostDefaults(web => web.UseTestServer().UseStartup<Startup>());
        _ = isFirst ? builder : builder.AddSecurityAudit();

        await WrongPasswordIsRecordedWithTheAccount(builder.Build());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OnAWebHostBuilderTheOneLineMayStandBeforeOrAfterTheStartupClass(bool isFirst)
    {
        var builder = Classic(hasAutofac: false).ConfigureWebHostDefaults(web =>
        {
            _ = isFirst ? web.AddSecurityAudit() : web;
            web.UseTestServer().UseStartup<Startup>();
            _ = isFirst ? web : web.AddSecurityAudit();
        });

        await WrongPasswordIsRecordedWithTheAccount(builder.Build());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OnTheServicesOfAHostBuilderTheConfigurationIsFoundAndWhatComesLaterIsDecorated(bool hasAutofac)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.FullName });
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(Settings());
        if (hasAutofac)
        {
            builder.Host.UseServiceProviderFactory(new AutofacServiceProviderFactory());
        }

        builder.Services.AddSecurityAudit();
        Startup.AddTo(builder.Services);
        var app = builder.Build();
        Startup.Map(app);

        await WrongPasswordIsRecordedWithTheAccount(app);
    }

    [Fact]
    public async Task WhereServicesAreBuiltLateTheConfigurationIsFoundWhenTheyAre()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<IConfiguration>(_ => new ConfigurationBuilder().AddInMemoryCollection(Settings()).Build());
        services.AddSecurityAudit();
        services.AddSingleton<IHostEnvironment>(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { ContentRootPath = _folder.FullName });

        await using (var provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredService<ISecurityAudit>().RecordAsync(Some.Event(), TestContext.Current.CancellationToken);
        }

        Assert.Equal("corner", Assert.Single(JournalEvents.Read(Audit)).Text("service.name"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AWorkerKeepsTheContainerOfItsChoiceAndWhatItRegisteredIsDecorated(bool isFirst)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = _folder.FullName });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(Settings());
        _ = isFirst ? builder.AddSecurityAudit() : builder;
        builder.ConfigureContainer(new AutofacServiceProviderFactory(), container => container.RegisterInstance("of Autofac"));
        builder.Services.AddIdentityCore<ShopUser>().AddUserStore<MemoryStore>();
        _ = isFirst ? builder : builder.AddSecurityAudit();
        using (var host = builder.Build())
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            Assert.Equal("of Autofac", host.Services.GetRequiredService<string>());
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        var coverage = Assert.Single(JournalEvents.Read(Audit), e => e.Text("event.action") == "audit_coverage");
        Assert.Contains("identity", coverage.Texts("security_audit.coverage.captured"));
        Assert.Empty(coverage.Texts("security_audit.coverage.parts.missing"));
    }

    [Fact]
    public async Task WhatAnotherContainersOwnBuilderPutsInThePlaceOfADecoratedServiceIsNamed()
    {
        var builder = Classic(hasAutofac: true)
            .ConfigureContainer<ContainerBuilder>(container => container.RegisterType<OwnHasher>().As<IPasswordHasher<ShopUser>>())
            .AddSecurityAudit()
            .ConfigureWebHostDefaults(web => web.UseTestServer().UseStartup<Startup>());

        using (var host = builder.Build())
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        var coverage = Assert.Single(JournalEvents.Read(Audit), e => e.Text("event.action") == "audit_coverage");
        Assert.Equal(["service:IPasswordHasher<ShopUser>"], coverage.Texts("security_audit.coverage.parts.missing"));
        Assert.Contains(coverage.Texts("security_audit.coverage.remedies"), remedy => remedy.Contains("OwnHasher took its place", StringComparison.Ordinal));
    }

    private string Audit => Path.Combine(_folder.FullName, "audit");

    private Dictionary<string, string?> Settings() => new() { ["SecurityAudit:ServiceName"] = "corner", ["SecurityAudit:Journal:Directory"] = Audit };

    private IHostBuilder Classic(bool hasAutofac)
    {
        var builder = Host.CreateDefaultBuilder()
            .UseContentRoot(_folder.FullName)
            .ConfigureAppConfiguration(configuration => configuration.AddInMemoryCollection(Settings()))
            .ConfigureLogging(logging => logging.ClearProviders());
        return hasAutofac ? builder.UseServiceProviderFactory(new AutofacServiceProviderFactory()) : builder;
    }

    private async Task WrongPasswordIsRecordedWithTheAccount(IHost host)
    {
        using (host)
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            await host.GetTestClient().GetAsync(new Uri("/login", UriKind.Relative), TestContext.Current.CancellationToken);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        var events = JournalEvents.Read(Audit);
        var failed = Assert.Single(events, e => e.Text("event.action") == "authn_login_fail");
        Assert.Equal(("wrong password", Startup.Name, "corner"), (failed.Text("event.reason"), failed.Text("user.name"), failed.Text("service.name")));
        var coverage = Assert.Single(events, e => e.Text("event.action") == "audit_coverage");
        Assert.Empty(coverage.Texts("security_audit.coverage.missing"));
        Assert.Empty(coverage.Texts("security_audit.coverage.parts.missing"));
    }

    private sealed class OwnHasher : PasswordHasher<ShopUser>;

    private sealed class Startup
    {
        /// <summary>The store is the process's.</summary>
        public static string Name { get; } = $"ann-{Guid.NewGuid():N}";

        public void ConfigureServices(IServiceCollection services) => AddTo(services);

        public void Configure(IApplicationBuilder app) => Map(app);

        public static void AddTo(IServiceCollection services)
        {
            services.AddRouting();
            services.AddIdentityCore<ShopUser>().AddUserStore<MemoryStore>().AddSignInManager();
            services.AddAuthentication().AddIdentityCookies();
        }

        public static void Map(IApplicationBuilder app) => app.UseRouting().UseEndpoints(endpoints => endpoints.MapGet("/login", async (SignInManager<ShopUser> manager) =>
        {
            await manager.UserManager.CreateAsync(new ShopUser { UserName = Name }, IdentityHost.Password);
            await manager.PasswordSignInAsync(Name, "wrong", isPersistent: false, lockoutOnFailure: false);
        }));
    }
}
