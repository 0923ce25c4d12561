using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Email;

/// <summary>Tells alerts by e-mail.</summary>
public static class EmailBuilderExtensions
{
    /// <summary>Tells each alert by e-mail, at least once, from the journal.</summary>
    /// <param name="audit">What <c>AddSecurityAudit</c> hands out.</param>
    /// <param name="configure">Sets options; runs after the section <c>SecurityAudit:Alerts:Email</c> was read.</param>
    public static SecurityAuditBuilder AlertByEmail(this SecurityAuditBuilder audit, Action<AlertEmailOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(audit);
        new EmailExtension().Configure(audit);
        if (configure is not null)
        {
            audit.Services.Configure(configure);
        }

        return audit;
    }
}
