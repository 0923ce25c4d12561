using System.Globalization;
using System.Text;
using System.Text.Json;
using SecurityAudit.Journal;

namespace SecurityAudit.Tool.Events;

/// <summary>The fields of a line that filters and tables look at, and the line itself, safe to print.</summary>
internal sealed record EventView(string Json, bool IsControl, DateTimeOffset? Timestamp, IReadOnlyDictionary<string, string> Fields)
{
    public string this[string field] => Fields.GetValueOrDefault(field, "");

    /// <summary>Copies what it needs: the line's own bytes live only until the next read.</summary>
    public static EventView Of(JournalLine line)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(line.Utf8);
            foreach (var member in json.RootElement.EnumerateObject())
                fields[member.Name] = Text(member.Value);
        }
        catch (JsonException)
        {
            // Only a writer other than ours makes such a line. It is shown as it is: hiding it would be worse.
            fields["message"] = Encoding.UTF8.GetString(line.Utf8.Span);
        }

        DateTimeOffset? timestamp = DateTimeOffset.TryParse(
            fields.GetValueOrDefault("@timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? parsed : null;
        return new EventView(Terminals.VisibleText.Of(Encoding.UTF8.GetString(line.Utf8.Span)), line.IsControl, timestamp, fields);
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };
}
