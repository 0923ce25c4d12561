using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using SecurityAudit.Health;
using SecurityAudit.Opening;

namespace SecurityAudit.Alerts;

internal static class AlertRegistration
{
    public static void AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton(provider => new Lazy<ISecurityAudit>(provider.GetRequiredService<ISecurityAudit>));
        services.AddSingleton(provider => new Lazy<AuditJournal>(provider.GetRequiredService<AuditJournal>));
        services.AddSingleton<DeliveryReport>();
        services.AddSingleton<JournalOutage>();
        services.AddSingleton<AlertChannels>();
        services.AddHostedService(provider => provider.GetRequiredService<AlertChannels>());
        services.AddOptions<HealthCheckServiceOptions>().Configure<IOptions<SecurityAuditOptions>>(static (health, audit) =>
            health.Registrations.Add(HealthRegistration.Of<AlertHealthCheck>("security-audit-alerts", audit.Value)));
        services.AddOptions<SecurityAuditOptions>().PostConfigure<IServiceProvider>(static (audit, provider) =>
        {
            if (audit.Alerts.Webhooks.Count > 0 || provider.GetService<IServiceProviderIsService>()?.IsService(typeof(IAlertSink)) != false)
            {
                audit.Journal.Consumers.Add(new DeliveredAlerts(provider));
            }
        });
    }
}
