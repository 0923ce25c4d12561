using System.Text.Json;
using SecurityAudit.Alerts;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Responses;

/// <summary>Reads of lines of the journal what responses need.</summary>
internal static class ResponseLine
{
    private const string Prefix = "alert_";
    private const string Summary = "alert_summary";

    /// <summary>The alert that a line raises, or sums up; null for any other line, and for what only looks like one.</summary>
    public static AlertNotification? Alert(in JournalLine line, JsonElement fields)
    {
        var action = Text(fields, JournalFields.Action);
        if (action?.StartsWith(Prefix, StringComparison.Ordinal) != true
            || Text(fields, EventFields.RuleId) is not { } rule
            || Text(fields, AlertFields.Id) is null
            || Moment(fields, JournalFields.Timestamp) is null)
        {
            return null;
        }

        var isRaised = Text(fields, JournalFields.Kind) == "alert" && action.AsSpan(Prefix.Length).SequenceEqual(rule);
        return isRaised || action == Summary ? AlertLine.Read(line) : null;
    }

    public static string? Text(JsonElement line, Field field) =>
        line.TryGetProperty(field.Name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static DateTimeOffset? Moment(JsonElement line, Field field) =>
        line.TryGetProperty(field.Name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var moment) ? moment : null;
}
