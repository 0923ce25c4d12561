using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecurityAudit.Journal;

namespace SecurityAudit.Tests.Hosting;

/// <summary>The library in an application's own tests, as <see cref="WebApplicationFactory{TEntryPoint}"/> hosts it.</summary>
public sealed class TestHostTests : IDisposable
{
    private readonly DirectoryInfo _source = Directory.CreateTempSubdirectory("sa-source-");

    public void Dispose() => _source.Delete(recursive: true);

    [Fact]
    public async Task FortyTestHostsLeaveNothingInTheSourceAndNothingBehind()
    {
        var factories = Enumerable.Range(0, 40).Select(_ => new Shop(_source.FullName)).ToList();
        await Parallel.ForEachAsync(
            factories, TestContext.Current.CancellationToken,
            async (factory, stop) => await factory.CreateClient().GetAsync(new Uri("/denied", UriKind.Relative), stop));

        Assert.Empty(_source.EnumerateFileSystemInfos());
        var directories = factories.ConvertAll(factory => factory.Journal.LogDirectory);
        Assert.Equal(40, directories.Distinct().Count());
        Assert.All(directories, directory => Assert.StartsWith(Path.GetTempPath(), directory, StringComparison.Ordinal));

        await Task.WhenAll(factories.Select(factory => factory.DisposeAsync().AsTask()));

        Assert.All(directories, directory => Assert.False(Directory.Exists(Path.GetDirectoryName(directory))));
    }

    [Fact]
    public async Task ATestReadsWhatItsHostRecorded()
    {
        await using var factory = new Shop(_source.FullName);
        await factory.CreateClient().GetAsync(new Uri("/denied", UriKind.Relative), TestContext.Current.CancellationToken);

        var journal = factory.Services.GetRequiredService<JournalWriter>();
        await journal.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Contains(JournalEvents.Read(journal.LogDirectory), e => e.Text("event.action") == "authz_fail");
    }

    [Fact]
    public async Task ATestOfTheApplicationFailsOnANewGap()
    {
        await using var factory = new Shop(_source.FullName);

        var coverage = await SecurityAuditCoverage.OfAsync(factory.Services);
        Assert.True(coverage.Missing.Count == 0, coverage.ToString());

        await using var gap = factory.WithWebHostBuilder(web => web.ConfigureServices(services => services.AddTransient<IPolicyEvaluator, PolicyEvaluator>()));
        var found = await SecurityAuditCoverage.OfAsync(gap.Services);
        Assert.Equal("hook:denials", Assert.Single(found.Missing).ToString());
        Assert.Contains("Missing hook:denials. Another registration replaced it", found.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServicesWithoutTheLibraryHaveNoCoverageAndTheMessageSaysSo()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => SecurityAuditCoverage.OfAsync(services));

        Assert.Contains("expected those of an application that called AddSecurityAudit", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFullPathIsTakenByATestHostToo()
    {
        var kept = Path.Combine(_source.FullName, "kept");
        await using (var factory = new Shop(_source.FullName, kept))
        {
            await factory.CreateClient().GetAsync(new Uri("/denied", UriKind.Relative), TestContext.Current.CancellationToken);
        }

        Assert.Contains(JournalEvents.Read(kept), e => e.Text("event.action") == "authz_fail");
    }

    [Fact]
    public async Task ATestHostWithKestrelIsOneToo()
    {
        await using var factory = new Shop(_source.FullName);
        factory.UseKestrel(0);
        await factory.CreateClient().GetAsync(new Uri("/denied", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Empty(_source.EnumerateFileSystemInfos());
        Assert.Contains(JournalEvents.Read(factory.Journal.LogDirectory), e => e.Text("event.action") == "sys_startup");
    }

    private sealed class Shop(string source, string? directory = null) : WebApplicationFactory<Shop>
    {
        public JournalWriter Journal => Services.GetRequiredService<JournalWriter>();

        protected override IHostBuilder CreateHostBuilder() => Host.CreateDefaultBuilder().ConfigureLogging(logging => logging.ClearProviders()).ConfigureWebHostDefaults(web => web
            .ConfigureServices((context, services) => services.AddRouting().AddSecurityAudit(context.Configuration))
            .Configure(app => app.UseRouting().UseEndpoints(endpoints => endpoints.MapGet("/denied", () => Microsoft.AspNetCore.Http.Results.StatusCode(403)))));

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseContentRoot(source).UseSetting(WebHostDefaults.ApplicationKey, "Shop").UseSetting(WebHostDefaults.PreventHostingStartupKey, "true");
            if (directory is not null)
            {
                builder.ConfigureAppConfiguration(configuration => configuration.AddInMemoryCollection([new("SecurityAudit:Journal:Directory", directory)]));
            }
        }
    }
}
