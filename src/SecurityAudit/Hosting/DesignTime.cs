using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecurityAudit.Journal;
using SecurityAudit.Opening;

namespace SecurityAudit.Hosting;

/// <summary>
/// Tools that build the application's host to ask it something and never serve: build-time OpenAPI, <c>dotnet ef</c>. In them the library
/// registers what application code may ask for, and neither captures nor opens a journal: the start that they make is none.
/// </summary>
internal static class DesignTime
{
    // The entry assemblies of the programs that load an application: each runs its Main, or the part of it before Run, in its own process.
    private static readonly string[] s_tools =
    [
        "GetDocument.Insider", // Microsoft.Extensions.ApiDescription.Server
        "ef", // dotnet ef and Visual Studio's Package Manager Console
        "dotnet-swagger", // Swashbuckle.AspNetCore.Cli
        "NSwag.AspNetCore.Launcher", // NSwag.MSBuild and NSwag.ConsoleCore
        "dotnet-aspnet-codegenerator-design", // scaffolding
    ];

    /// <summary>
    /// The tool that this process is; null when the application runs. An application that has a tool's name is an application.
    /// </summary>
    public static string? Tool(IServiceCollection services) => Tool(Assembly.GetEntryAssembly()?.GetName().Name, services);

    internal static string? Tool(string? process, IServiceCollection services)
    {
        if (!s_tools.Contains(process, StringComparer.Ordinal))
        {
            return null;
        }

        var environment = services.LastOrDefault(service => service.ServiceType == typeof(IHostEnvironment))?.ImplementationInstance as IHostEnvironment;
        return environment?.ApplicationName == process ? null : process;
    }

    /// <summary>What the application may resolve or map while the tool looks at it.</summary>
    public static void Add(IServiceCollection services, string tool)
    {
        services.AddMetrics();
        services.AddHealthChecks();
        services.AddAuthenticationCore();
        services.AddAuthorization();
        services.AddSingleton<ISecurityAudit>(provider => new DesignTimeAudit(tool, provider.GetRequiredService<ILogger<DesignTimeAudit>>()));
        services.AddSingleton<TemporaryFolder>();
        services.AddSingleton(provider => JournalWriter.Open(provider.GetRequiredService<TemporaryFolder>().Path));
    }
}
