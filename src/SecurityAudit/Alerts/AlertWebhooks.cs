using System.Globalization;

namespace SecurityAudit.Alerts;

/// <summary>The channels of the options.</summary>
internal static class AlertWebhooks
{
    public static IEnumerable<WebhookSink> Of(AlertOptions alerts, TimeProvider time) =>
        alerts.Webhooks.Zip(Names(alerts), (webhook, name) => new WebhookSink(name, webhook, time));

    public static IEnumerable<string> Names(AlertOptions alerts) => alerts.Webhooks.Select((webhook, index) =>
        webhook.Name ?? (index == 0 ? "webhook" : string.Create(CultureInfo.InvariantCulture, $"webhook-{index + 1}")));
}
