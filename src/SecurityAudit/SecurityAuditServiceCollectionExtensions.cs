using Microsoft.Extensions.Configuration;
using SecurityAudit;
using SecurityAudit.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>For hosts that have no <c>IHostApplicationBuilder</c>.</summary>
public static class SecurityAuditServiceCollectionExtensions
{
    /// <summary>Adds the same capture to bare services. Prefer <c>builder.AddSecurityAudit()</c>.</summary>
    /// <remarks>
    /// On the <c>Services</c> of a host builder nothing is lost. Within <c>Startup.ConfigureServices</c>, or in a container without a host,
    /// what is registered after this call cannot be decorated: call it last there. Whatever is not covered is named in the log and in the
    /// event <c>audit_coverage</c> at start.
    /// </remarks>
    /// <param name="services">Where to add it.</param>
    /// <param name="configuration">The application's configuration; null: the one that is registered.</param>
    /// <param name="configure">Sets options and adds sinks in code.</param>
    public static IServiceCollection AddSecurityAudit(
        this IServiceCollection services, IConfiguration? configuration = null, Action<SecurityAuditBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (AuditServices.Add(services, configuration, configure))
        {
            BuildFinalizer.Run(services);
            HostBuilding.Await(services); // they may be those of a host that is still to be built
        }

        return services;
    }
}
