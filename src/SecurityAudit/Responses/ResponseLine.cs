using System.Text.Json;
using SecurityAudit.Alerts;
using SecurityAudit.Detection;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Responses;

/// <summary>Reads of lines of the journal what responses need.</summary>
internal static class ResponseLine
{
    /// <summary>The alert that a line raises, or sums up; null for any other line, and for what only looks like one.</summary>
    public static AlertNotification? Alert(in JournalLine line, JsonElement fields)
    {
        if (Text(fields, JournalFields.Action) is not { } action
            || Text(fields, EventFields.RuleId) is not { } rule
            || Text(fields, AlertFields.Id) is null
            || Moment(fields, JournalFields.Timestamp) is null)
        {
            return null;
        }

        var isRaised = action == AlertActions.Of(rule) && Text(fields, JournalFields.Kind) == "alert";
        return isRaised || action == AlertActions.Summary ? AlertLine.Read(line) : null;
    }

    public static string? Text(JsonElement line, Field field) =>
        line.TryGetProperty(field.Name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static DateTimeOffset? Moment(JsonElement line, Field field) =>
        line.TryGetProperty(field.Name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var moment) ? moment : null;
}
