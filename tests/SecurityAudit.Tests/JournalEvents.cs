using System.Text.Json;
using SecurityAudit.Journal;

namespace SecurityAudit.Tests;

/// <summary>What a journal holds, as JSON.</summary>
internal static class JournalEvents
{
    public static List<JsonElement> Read(string directory)
    {
        var events = new List<JsonElement>();
        foreach (var log in JournalDirectory.Logs(directory))
        {
            using var reader = new JournalReader(log.Directory);
            while (reader.TryRead(out var line))
            {
                var parsed = JsonDocument.Parse(line.Utf8.ToArray()).RootElement;
                if (parsed.Text("event.action")?.StartsWith("journal.", StringComparison.Ordinal) == false)
                {
                    events.Add(parsed);
                }
            }
        }

        return events;
    }

    public static string? Text(this JsonElement e, string field) =>
        !e.TryGetProperty(field, out var value) ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();

    public static string[] Texts(this JsonElement e, string field) =>
        e.TryGetProperty(field, out var value) ? [.. value.EnumerateArray().Select(element => element.GetString()!)] : [];

    public static string? Attribute(this JsonElement e, string name) =>
        e.TryGetProperty("security_audit.attributes", out var attributes) ? attributes.Text(name) : null;
}
