using System.Collections.Immutable;
using System.Globalization;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Alerts;

/// <summary>Tells the lines that are delivered from all others, and reads them.</summary>
internal static class AlertLine
{
    private static readonly Field[] SubjectFields =
        [EventFields.SourceIp, EventFields.User.Id, EventFields.User.Name, EventFields.User.Hash, EventFields.SessionId];

    /// <summary>
    /// Asked of each line of the journal: the bytes are searched first, and only where they are there is the line taken apart.
    /// </summary>
    public static bool IsOne(ReadOnlySpan<byte> line) =>
        (line.IndexOf("\"event.kind\":\"alert\""u8) >= 0 && LineFields.Text(line, EventFields.Kind.Encoded.EncodedUtf8Bytes) == "alert")
        || (line.IndexOf("\"security_audit.alert.stage\":"u8) >= 0 && LineFields.Text(line, AlertFields.Stage.Encoded.EncodedUtf8Bytes) is not null);

    public static AlertNotification Read(JournalLine line)
    {
        var e = JournalEvent.Of(line);
        return new AlertNotification
        {
            Id = Text(e, AlertFields.Id.Name) ?? string.Create(CultureInfo.InvariantCulture, $"{e.LogId}-{e.Sequence}"),
            EventId = Text(e, EventFields.Id.Name),
            RuleId = Text(e, EventFields.RuleId.Name) ?? e.Action,
            RuleName = Text(e, EventFields.RuleName.Name) ?? e.Action,
            RuleDescription = Text(e, AlertFields.RuleDescription.Name),
            Stage = Enum.TryParse<AlertStage>(e[AlertFields.Stage.Name], ignoreCase: true, out var stage) && Enum.IsDefined(stage) ? stage : AlertStage.Raised,
            Severity = Severity(e.Severity),
            RiskScore = double.TryParse(e[AlertFields.RiskScore.Name], NumberStyles.Float, CultureInfo.InvariantCulture, out var risk) ? risk : 0,
            Sentence = e.Message,
            Advice = Text(e, AlertFields.Advice.Name),
            Query = Text(e, AlertFields.Query.Name),
            Command = Text(e, AlertFields.Command.Name),
            Technique = Technique(e),
            Start = Moment(e, AlertFields.Start),
            End = Moment(e, AlertFields.End),
            Attempts = Number(e, AlertFields.Attempts),
            Distinct = Number(e, AlertFields.Distinct),
            EventIds = [.. e[AlertFields.Events.Name].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            Group = Text(e, AlertFields.Group.Name),
            Condition = (int)Number(e, AlertFields.Condition),
            Subject = SubjectFields.Where(field => e[field.Name].Length > 0)
                .ToImmutableSortedDictionary(field => field.Name, field => e[field.Name], StringComparer.Ordinal),
            ServiceName = Text(e, EventFields.ServiceName.Name),
            ServiceEnvironment = Text(e, EventFields.ServiceEnvironment.Name),
            HostName = Text(e, EventFields.HostName.Name),
            LogId = e.LogId,
            Sequence = e.Sequence,
            Timestamp = e.Timestamp ?? DateTimeOffset.MinValue,
        };
    }

    private static string? Text(JournalEvent e, string field) => e[field] is { Length: > 0 } text ? text : null;

    private static long Number(JournalEvent e, Field field) =>
        long.TryParse(e[field.Name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static DateTimeOffset? Moment(JournalEvent e, Field field) =>
        DateTimeOffset.TryParse(e[field.Name], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    private static EventSeverity Severity(int? number) => number switch
    {
        null or < (int)EventSeverity.Medium => EventSeverity.Low,
        < (int)EventSeverity.High => EventSeverity.Medium,
        < (int)EventSeverity.Critical => EventSeverity.High,
        _ => EventSeverity.Critical,
    };

    private static string? Technique(JournalEvent e) =>
        Named(e, AlertFields.SubTechniqueId, AlertFields.SubTechniqueName) ?? Named(e, AlertFields.TechniqueId, AlertFields.TechniqueName);

    private static string? Named(JournalEvent e, Field id, Field name) => e[id.Name].Length > 0 ? $"{e[id.Name]} {e[name.Name]}".TrimEnd() : null;
}
