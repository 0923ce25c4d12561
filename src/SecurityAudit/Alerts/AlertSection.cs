using SecurityAudit.Configuration;

namespace SecurityAudit.Alerts;

/// <summary>Reads <c>SecurityAudit:Alerts</c>.</summary>
internal static class AlertSection
{
    /// <summary>Of the package SecurityAudit.Email.</summary>
    public const string Email = "Email";

    public static void Read(SectionReader section, AlertOptions alerts)
    {
        section.Value<TimeSpan>(nameof(alerts.Timeout), value => alerts.Timeout = value);
        section.Value<int>(nameof(alerts.DigestAbove), value => alerts.DigestAbove = value);
        section.Value<TimeSpan>(nameof(alerts.GiveUpAfter), value => alerts.GiveUpAfter = value);
        foreach (var webhook in section.Sections(nameof(alerts.Webhooks)))
        {
            alerts.Webhooks.Add(Webhook(webhook));
        }

        section.Section(Email);
        section.End();
    }

    private static AlertWebhookOptions Webhook(SectionReader section)
    {
        var webhook = new AlertWebhookOptions();
        section.Text(nameof(webhook.Name), value => webhook.Name = value);
        section.Text(nameof(webhook.Url), value => webhook.Url = value);
        section.Text(nameof(webhook.Secret), value => webhook.Secret = value);
        section.Enumeration<AlertWebhookShape>(nameof(webhook.Shape), value => webhook.Shape = value);
        section.Enumeration<EventSeverity>(nameof(webhook.MinimumSeverity), value => webhook.MinimumSeverity = value);
        section.Value<bool>(nameof(webhook.AllowPrivateAddresses), value => webhook.AllowPrivateAddresses = value);
        section.Value<bool>(nameof(webhook.AllowPlainHttp), value => webhook.AllowPlainHttp = value);
        section.End();
        return webhook;
    }
}
