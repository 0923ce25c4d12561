using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecurityAudit.Hosting;

namespace SecurityAudit.Tests.Hosting;

/// <summary>Who is taken for a tool. The tools themselves are run in the acceptance tests.</summary>
public sealed class DesignTimeTests
{
    [Theory]
    [InlineData("GetDocument.Insider", "Shop", true)]
    [InlineData("ef", "Shop", true)]
    [InlineData("dotnet-swagger", "Shop", true)]
    [InlineData("Shop", "Shop", false)]
    [InlineData("testhost", "Shop", false)]
    [InlineData("EF", "Shop", false)]
    [InlineData("ef", "ef", false)]
    [InlineData(null, "Shop", false)]
    public void OnlyAKnownToolThatIsNotTheApplicationItselfIsOne(string? process, string application, bool isTool)
    {
        var services = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(DesignTimeTests).Assembly.GetName().Name }).Services;
        services.AddSingleton<IHostEnvironment>(new NamedEnvironment(application));

        Assert.Equal(isTool ? process : null, DesignTime.Tool(process, services));
    }

    [Fact]
    public void OnBareServicesTheNameOfTheProcessDecides() => Assert.Equal("ef", DesignTime.Tool("ef", new ServiceCollection()));

    private sealed class NamedEnvironment(string name) : IHostEnvironment
    {
        public string ApplicationName { get; set; } = name;

        public string EnvironmentName { get; set; } = "Production";

        public string ContentRootPath { get; set; } = "/";

        public Microsoft.Extensions.FileProviders.IFileProvider ContentRootFileProvider { get; set; } = new Microsoft.Extensions.FileProviders.NullFileProvider();
    }
}
