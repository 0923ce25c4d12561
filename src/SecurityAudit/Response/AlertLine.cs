using System.Text.Json;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Response;

/// <summary>Reads alerts from lines of the journal.</summary>
internal static class AlertLine
{
    private const string Prefix = "alert_";
    private const string Summary = "alert_summary";

    /// <summary>The alert that a line raises, or sums up; null for any other line.</summary>
    public static AlertResponseContext? Read(JsonElement line)
    {
        var action = Text(line, JournalFields.Action);
        if (action?.StartsWith(Prefix, StringComparison.Ordinal) != true
            || Text(line, EventFields.RuleId) is not { } rule
            || Text(line, AlertFields.Id) is not { } id
            || Moment(line, JournalFields.Timestamp) is not { } timestamp)
        {
            return null;
        }

        var isRaised = Text(line, JournalFields.Kind) == "alert" && action.AsSpan(Prefix.Length).SequenceEqual(rule);
        return !isRaised && action != Summary ? null : new AlertResponseContext
        {
            AlertId = id,
            RuleId = rule,
            RuleName = Text(line, EventFields.RuleName),
            Severity = (EventSeverity)(Number(line, EventFields.Severity) ?? (int)EventSeverity.Low),
            Sentence = Text(line, JournalFields.Message),
            SourceAddress = Text(line, EventFields.SourceIp),
            UserId = Text(line, EventFields.User.Id),
            UserName = Text(line, EventFields.User.Name),
            SessionId = Text(line, EventFields.SessionId),
            EventIds = Texts(line, AlertFields.Events),
            Timestamp = timestamp,
            Condition = Number(line, AlertFields.Condition) ?? 0,
            IsSummary = !isRaised,
        };
    }

    public static string? Text(JsonElement line, Field field) =>
        line.TryGetProperty(field.Name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static DateTimeOffset? Moment(JsonElement line, Field field) =>
        line.TryGetProperty(field.Name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var moment) ? moment : null;

    private static int? Number(JsonElement line, Field field) =>
        line.TryGetProperty(field.Name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static System.Collections.Immutable.ImmutableArray<string> Texts(JsonElement line, Field field) =>
        line.TryGetProperty(field.Name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(text => text.ValueKind == JsonValueKind.String).Select(text => text.GetString()!)]
            : [];
}
