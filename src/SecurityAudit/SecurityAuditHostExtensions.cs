using Microsoft.AspNetCore.Builder;
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
    /// May stand anywhere before <c>Build()</c>. Options come from the section <c>SecurityAudit</c>, then from
    /// <paramref name="configure"/>. The journal opens when the host starts; one that cannot be opened stops the start with the reason.
    /// </remarks>
    public static TBuilder AddSecurityAudit<TBuilder>(this TBuilder builder, Action<SecurityAuditBuilder>? configure = null)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (AuditServices.Add(builder.Services, builder.Configuration, configure))
        {
            // Runs inside Build(), after every registration of the application.
            if (builder is WebApplicationBuilder web)
            {
                web.Host.ConfigureContainer<object>((_, container) => BuildFinalizer.Run(container));
            }
            else
            {
                var development = builder.Environment.IsDevelopment();
                builder.ConfigureContainer(
                    new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateScopes = development, ValidateOnBuild = development }),
                    BuildFinalizer.Run);
            }
        }

        return builder;
    }
}
