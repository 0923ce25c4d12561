using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit;
using SecurityAudit.Hosting;

namespace Microsoft.Extensions.Hosting;

/// <summary>The one line.</summary>
public static class SecurityAuditHostExtensions
{
    /// <summary>
    /// Records every security decision of this application into the journal, <c>audit/</c> under the content root unless configured
    /// otherwise.
    /// </summary>
    /// <remarks>
    /// May stand anywhere before <c>Build()</c>, whatever container the application uses. Options come from the section
    /// <c>SecurityAudit</c>, then from <paramref name="configure"/>. The journal opens when the host starts; one that cannot be opened
    /// stops the start with the reason where the owner chose Refuse.
    /// </remarks>
    public static TBuilder AddSecurityAudit<TBuilder>(this TBuilder builder, Action<SecurityAuditBuilder>? configure = null)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (AuditServices.Add(builder.Services, builder.Configuration, configure))
        {
            HostBuilding.Await(builder.Services);
            if (builder is WebApplicationBuilder web)
            {
                web.Host.ConfigureContainer<object>(static (_, container) => BuildFinalizer.RunOn(container));
            }
            else if (builder is not HostApplicationBuilder)
            {
                BuildFinalizer.Run(builder.Services); // whatever it builds may not say so
            }
        }

        return builder;
    }

    /// <summary>The same for a host whose services a <c>Startup</c> class or <c>ConfigureServices</c> registers.</summary>
    /// <remarks>May stand anywhere before <c>Build()</c>, also before <c>ConfigureWebHostDefaults</c>.</remarks>
    public static IHostBuilder AddSecurityAudit(this IHostBuilder builder, Action<SecurityAuditBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        HostBuilding.Listen();
        return builder
            .ConfigureServices((context, services) =>
            {
                if (AuditServices.Add(services, context.Configuration, configure))
                {
                    HostBuilding.Await(services);
                }
            })
            .ConfigureContainer<object>(static (_, container) => BuildFinalizer.RunOn(container));
    }

    /// <summary>The same within <c>ConfigureWebHostDefaults</c>.</summary>
    /// <remarks>
    /// May stand anywhere within it. On a <c>WebHostBuilder</c> of old, which is no part of a generic host, what is registered after it
    /// cannot be decorated: call it last there. What is not covered is named at start.
    /// </remarks>
    public static IWebHostBuilder AddSecurityAudit(this IWebHostBuilder builder, Action<SecurityAuditBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        HostBuilding.Listen();
        return builder.ConfigureServices((context, services) => services.AddSecurityAudit(context.Configuration, configure));
    }
}
