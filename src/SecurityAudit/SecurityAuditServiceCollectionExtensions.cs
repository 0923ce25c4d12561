using Microsoft.Extensions.Configuration;
using SecurityAudit;
using SecurityAudit.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>For hosts that have no <c>IHostApplicationBuilder</c>.</summary>
public static class SecurityAuditServiceCollectionExtensions
{
    /// <summary>Adds the same capture to bare services. Prefer <c>builder.AddSecurityAudit()</c>.</summary>
    /// <remarks>
    /// What this loses: what is registered after this call cannot be decorated, so ASP.NET Core Identity has to be added before it, or
    /// failed sign-ins are recorded without the claimed name. Whatever is not covered is named in the log and in the event
    /// <c>audit_coverage</c> at start.
    /// </remarks>
    public static IServiceCollection AddSecurityAudit(
        this IServiceCollection services, IConfiguration? configuration = null, Action<SecurityAuditBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (AuditServices.Add(services, configuration, configure))
        {
            BuildFinalizer.Run(services);
        }

        return services;
    }
}
