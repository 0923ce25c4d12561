using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SecurityAudit.Hosting;

/// <summary>The configuration that a host has put among the services, as far as it can be had before they are built.</summary>
internal static class RegisteredConfiguration
{
    public static IConfiguration? Of(IServiceCollection services) =>
        Instance<IConfiguration>(services) ?? Instance<HostBuilderContext>(services)?.Configuration ?? Instance<WebHostBuilderContext>(services)?.Configuration;

    private static T? Instance<T>(IServiceCollection services)
        where T : class =>
        services.LastOrDefault(service => service.ServiceType == typeof(T) && !service.IsKeyedService)?.ImplementationInstance as T;
}
