using System.Buffers;
using System.Text;
using System.Text.Json;

namespace SecurityAudit.Alerts;

/// <summary>
/// What is sent, in each shape. Texts from outside are data in all of them: nothing in them becomes a link, a mention or a format.
/// </summary>
internal static class WebhookBody
{
    public static byte[] Of(AlertDelivery delivery, AlertWebhookShape shape)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer))
        {
            switch (shape)
            {
                case AlertWebhookShape.Slack:
                    SlackMessage.Write(json, delivery);
                    break;
                case AlertWebhookShape.Teams:
                    TeamsCard.Write(json, delivery);
                    break;
                default:
                    JsonMessage.Write(json, delivery);
                    break;
            }
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>At most so many characters, never half of one.</summary>
    public static string Fit(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = longest - 1;
        return new StringBuilder(text, 0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end, longest).Append('…').ToString();
    }
}
