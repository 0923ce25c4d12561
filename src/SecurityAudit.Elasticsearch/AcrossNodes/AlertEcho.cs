using System.Globalization;
using System.Text.Json.Nodes;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.AcrossNodes;

/// <summary>An alert as a line, as far as rules look at it.</summary>
internal static class AlertEcho
{
    public static ReadOnlyMemory<byte> Of(Attack attack, SecurityEvent alert, DateTimeOffset at)
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

    public static ToldAttack Told(Attack attack, SecurityEvent alert)
    {
        var until = alert[AlertFields.End.Name] as DateTimeOffset? ?? DateTimeOffset.UtcNow;
        return new ToldAttack(
            attack.Id, attack.Watch.Rule.Id, attack.Condition, attack.Subject.Group, (string)alert[AlertFields.Stage.Name]!, until, Of(attack, alert, until));
    }
}
