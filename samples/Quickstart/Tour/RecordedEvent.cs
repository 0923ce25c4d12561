using System.Globalization;
using System.Text.Json;
using SecurityAudit.Journal;

namespace Quickstart.Tour;

/// <summary>One line of the journal, in the words of the table.</summary>
internal sealed record RecordedEvent(
    long Sequence, DateTimeOffset Time, string Action, string Outcome, string From, string Detail, string Message, bool IsAlert)
{
    public static RecordedEvent Parse(JournalLine line)
    {
        using var json = JsonDocument.Parse(line.Utf8);
        var e = json.RootElement;
        var time = DateTimeOffset.Parse(Text(e, "@timestamp")!, CultureInfo.InvariantCulture);
        var isAlert = Text(e, "event.kind") == "alert";
        return new RecordedEvent(
            line.Sequence, time, Text(e, "event.action") ?? "", Text(e, "event.outcome") ?? "", Text(e, "source.ip") ?? "",
            Text(e, isAlert ? "rule.name" : "message") ?? "", Text(e, "message") ?? "", isAlert);
    }

    private static string? Text(JsonElement e, string field) => e.TryGetProperty(field, out var value) ? Text(value) : null;

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array => value.GetArrayLength() == 0 ? "none" : string.Join(" ", value.EnumerateArray().Select(Text)),
        JsonValueKind.Object => string.Join(" ", value.EnumerateObject().Select(member => $"{member.Name}={Text(member.Value)}")),
        _ => value.GetRawText(),
    };
}
