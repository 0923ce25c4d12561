using System.Text.Json;

namespace SecurityAudit.Alerts;

/// <summary>
/// An Adaptive Card in the envelope that a workflow "When a Teams webhook request is received" takes. A text block of a card knows a part
/// of Markdown, a run of a rich text block does not: texts are runs.
/// </summary>
internal static class TeamsCard
{
    private const int LongestText = 1000;
    private const int MostFacts = 20; // Teams takes 28 KB

    public static void Write(Utf8JsonWriter json, AlertDelivery delivery)
    {
        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("contentType", "application/vnd.microsoft.card.adaptive");
        json.WriteStartObject("content");
        json.WriteString("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        json.WriteString("type", "AdaptiveCard");
        json.WriteString("version", "1.4");
        json.WriteStartArray("body");
        Block(json, ("", delivery.Title, IsStrong: true));
        Block(json, ("", delivery.Sentence, IsStrong: false));
        foreach (var (name, value) in delivery.Facts.Take(MostFacts))
        {
            Block(json, (name + ": ", value, IsStrong: false));
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Block(Utf8JsonWriter json, (string Name, string Value, bool IsStrong) text)
    {
        json.WriteStartObject();
        json.WriteString("type", "RichTextBlock");
        json.WriteStartArray("inlines");
        if (text.Name.Length > 0)
        {
            Run(json, text.Name, isStrong: true);
        }

        Run(json, WebhookBody.Fit(text.Value, LongestText), text.IsStrong);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Run(Utf8JsonWriter json, string text, bool isStrong)
    {
        json.WriteStartObject();
        json.WriteString("type", "TextRun");
        json.WriteString("text", text);
        if (isStrong)
        {
            json.WriteString("weight", "Bolder");
        }

        json.WriteEndObject();
    }
}
