using System.Globalization;
using System.Text;

namespace SecurityAudit.Alerts;

/// <summary>Every fault of the options at once; no address beyond its host and no secret is in a message.</summary>
internal static class AlertOptionsCheck
{
    public const int ShortestSecret = 16;

    public static IEnumerable<string> Faults(AlertOptions alerts)
    {
        if (alerts.Timeout < TimeSpan.FromSeconds(1) || alerts.Timeout > TimeSpan.FromMinutes(5))
        {
            yield return $"Timeout is {alerts.Timeout}, expected 00:00:01 to 00:05:00.";
        }

        if (alerts.DigestAbove is < 1 or > 1000)
        {
            yield return $"DigestAbove is {alerts.DigestAbove}, expected 1 to 1000.";
        }

        if (alerts.GiveUpAfter < TimeSpan.FromHours(1) || alerts.GiveUpAfter > TimeSpan.FromDays(90))
        {
            yield return $"GiveUpAfter is {alerts.GiveUpAfter}, expected 01:00:00 to 90.00:00:00.";
        }

        for (var index = 0; index < alerts.Webhooks.Count; index++)
        {
            foreach (var fault in Faults(alerts.Webhooks[index]))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Webhooks:{index}:{fault}");
            }
        }

        foreach (var name in AlertWebhooks.Names(alerts).CountBy(name => name, StringComparer.Ordinal).Where(name => name.Value > 1))
        {
            yield return $"Webhooks: {name.Value} are called '{name.Key}', expected a name each.";
        }
    }

    private static IEnumerable<string> Faults(AlertWebhookOptions webhook)
    {
        if (webhook.Name is not null && !ChannelNames.IsOne(webhook.Name))
        {
            yield return $"Name is '{webhook.Name}', expected {ChannelNames.Expected}.";
        }

        if (!Enum.IsDefined(webhook.Shape))
        {
            yield return $"Shape is {webhook.Shape}, expected Json, Slack or Teams.";
        }

        if (!Enum.IsDefined(webhook.MinimumSeverity))
        {
            yield return $"MinimumSeverity is {webhook.MinimumSeverity}, expected Low, Medium, High or Critical.";
        }

        if (!Uri.TryCreate(webhook.Url, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp) || url.Host.Length == 0)
        {
            yield return "Url is missing or is not an absolute address, expected one such as https://hooks.example/alerts.";
        }
        else
        {
            if (url.Scheme == Uri.UriSchemeHttp && !webhook.AllowPlainHttp)
            {
                yield return $"Url goes to {url.Host} by http, expected https: alerts would be readable on the way. Set AllowPlainHttp if you must.";
            }

            if (url.UserInfo.Length > 0)
            {
                yield return $"Url has a user or a password before {url.Host}, expected none: they would be sent to nobody.";
            }
        }

        if (webhook.Secret is null ? webhook.Shape == AlertWebhookShape.Json : Encoding.UTF8.GetByteCount(webhook.Secret) < ShortestSecret)
        {
            yield return $"Secret is {(webhook.Secret is null ? "missing" : "too short")}, expected {ShortestSecret} bytes at least, as 'openssl rand -hex 32' makes them.";
        }
    }
}
