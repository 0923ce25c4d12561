using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Journal;

namespace SecurityAudit.Alerts;

/// <summary>Keeps retention from alerts that a channel has not taken and has not given up.</summary>
internal sealed class DeliveredAlerts(IServiceProvider services) : IJournalConsumer
{
    public string Name => "delivery of alerts";

    public long SettledSize(JournalLog log) => services.GetRequiredService<AlertChannels>().SettledSize(log);
}
