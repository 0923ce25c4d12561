using System.Globalization;
using System.Text.Json.Nodes;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.AcrossNodes;

/// <summary>An alert, or a summary of one, that this detection has recorded.</summary>
/// <param name="Id">The attack.</param>
/// <param name="RuleId">The rule.</param>
/// <param name="Condition">Which of its conditions.</param>
/// <param name="Group">What its events have in common, for people.</param>
/// <param name="Stage"><c>raised</c>, <c>summary</c>, <c>resolved</c>.</param>
/// <param name="Until">When the last event happened that it speaks of: its place among the events.</param>
/// <param name="Line">It as a line that has that time, as the rules' engine reads what was told.</param>
internal sealed record ToldAttack(string Id, string RuleId, int Condition, string Group, string Stage, DateTimeOffset Until, ReadOnlyMemory<byte> Line)
{
    /// <summary>What is told now.</summary>
    public static ToldAttack Of(Attack attack, SecurityEvent alert)
    {
        var until = alert[AlertFields.End.Name] as DateTimeOffset? ?? DateTimeOffset.UtcNow;
        return new ToldAttack(
            attack.Id, attack.Watch.Rule.Id, attack.Condition, attack.Subject.Group, (string)alert[AlertFields.Stage.Name]!, until, LineOf(attack, alert, until));
    }

    /// <summary>An alert as a line of that time, as far as rules look at it.</summary>
    public static ReadOnlyMemory<byte> LineOf(Attack attack, SecurityEvent alert, DateTimeOffset at)
    {
        var line = new JsonObject
        {
            [JournalFields.Timestamp.Name] = at.ToString("O", CultureInfo.InvariantCulture),
            [JournalFields.Action.Name] = alert.Action,
            [JournalFields.Kind.Name] = alert.Kind,
            [EventFields.RuleId.Name] = attack.Watch.Rule.Id,
            [AlertFields.Id.Name] = attack.Id,
            [AlertFields.Condition.Name] = attack.Condition,
            [AlertFields.Group.Name] = attack.Subject.Group,
        };
        foreach (var (field, value) in attack.Subject.Fields)
        {
            line.TryAdd(field, JsonValue.Create(value));
        }

        return JsonBody.Of(line);
    }

    /// <summary>Null for a line that is none.</summary>
    public static ToldAttack? Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOf("\"security_audit.alert.stage\""u8) < 0 || JsonNode.Parse(utf8) is not JsonObject line)
        {
            return null;
        }

        var end = Text(line, AlertFields.End) ?? Text(line, JournalFields.Timestamp);
        var until = DateTimeOffset.TryParse(end, CultureInfo.InvariantCulture, out var at) ? at : default;
        if (Text(line, AlertFields.Id) is not { } id || Text(line, EventFields.RuleId) is not { } rule || Text(line, AlertFields.Stage) is not { } stage)
        {
            return null;
        }

        line[JournalFields.Timestamp.Name] = until.ToString("O", CultureInfo.InvariantCulture);
        return new ToldAttack(
            id, rule, line[AlertFields.Condition.Name] is JsonValue number && number.TryGetValue<int>(out var condition) ? condition : 0,
            Text(line, AlertFields.Group) ?? "", stage, until, JsonBody.Of(line));
    }

    private static string? Text(JsonObject line, Field field) => line[field.Name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
