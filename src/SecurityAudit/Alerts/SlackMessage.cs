using System.Text.Json;

namespace SecurityAudit.Alerts;

/// <summary>Blocks for Slack, within its limits (50 blocks, 150 characters a header, 3,000 a text), texts as plain text.</summary>
internal static class SlackMessage
{
    private const int LongestHeader = 150;
    private const int LongestText = 2900;
    private const int MostFacts = 45;

    public static void Write(Utf8JsonWriter json, AlertDelivery delivery)
    {
        json.WriteStartObject();
        json.WriteString("text", Escaped(WebhookBody.Fit($"{delivery.Title}: {delivery.Sentence}", LongestText)));
        json.WriteStartArray("blocks");
        Block(json, "header", WebhookBody.Fit(delivery.Title, LongestHeader));
        Block(json, "section", WebhookBody.Fit(delivery.Sentence, LongestText));
        foreach (var (name, value) in delivery.Facts.Take(MostFacts))
        {
            Block(json, "section", WebhookBody.Fit($"{name}: {value}", LongestText));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Block(Utf8JsonWriter json, string type, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteStartObject("text");
        json.WriteString("type", "plain_text");
        json.WriteString("text", text.Length == 0 ? "–" : text);
        json.WriteBoolean("emoji", false);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The text of the notification is Slack's markup: nobody is mentioned and nothing linked by these three.</summary>
    private static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
