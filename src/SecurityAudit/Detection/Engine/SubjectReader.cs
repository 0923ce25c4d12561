using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Detection.Engine;

/// <summary>Reads of an event whom and what an alert about it speaks of.</summary>
internal sealed class SubjectReader(FieldSlots slots)
{
    public const string NobodyKnown = "an account that does not exist";
    public const string Nobody = "somebody";

    private static readonly ImmutableArray<string> Account = [EventFields.User.Hash.Name, EventFields.User.Id.Name, EventFields.User.Name.Name];

    /// <summary>What is told of an event that is the whole of the matter.</summary>
    private static readonly ImmutableArray<string> OfOneEvent =
    [
        .. Account, EventFields.Target.Id.Name, EventFields.Target.Name.Name, EventFields.SourceIp.Name, EventFields.SessionId.Name,
        EventFields.Path.Name, EventFields.UserAgent.Name,
    ];

    private readonly Dictionary<string, int> _slots = OfOneEvent.Add(JournalFields.Message.Name).ToDictionary(field => field, slots.Of, StringComparer.Ordinal);

    public AlertSubject Read(EventView e, ConditionWatch condition)
    {
        var fields = condition.IsAboutOneEvent ? condition.GroupBy.Union(OfOneEvent)
            : condition.GroupBy.Intersect(Account).Any() ? condition.GroupBy.Union(Account)
            : condition.GroupBy;
        var told = fields.Where(field => field != JournalFields.Action.Name && field != JournalFields.Kind.Name)
            .Select(field => KeyValuePair.Create(field, e.Text(slots.Of(field))!)).Where(field => field.Value is not null);
        var (source, user) = (Networks.Text(Text(e, EventFields.SourceIp)), NameOf(e, EventFields.User.Name, EventFields.User.Id, EventFields.User.Hash));
        var group = condition.GroupBy.Select(field =>
            field == EventFields.SourceIp.Name ? source
            : Account.Contains(field) ? user
            : e.Text(slots.Of(field)) ?? "");
        return new AlertSubject(
            [.. told], string.Join(", ", group.Distinct(StringComparer.Ordinal)), source, user,
            NameOf(e, EventFields.Target.Name, EventFields.Target.Id, null), Text(e, JournalFields.Message) ?? System.Text.Encoding.UTF8.GetString(e.Action));
    }

    private string NameOf(EventView e, Field name, Field id, Field? hash) =>
        Text(e, name) ?? Text(e, id) ?? (hash is not null && Text(e, hash) is not null ? NobodyKnown : Nobody);

    private string? Text(EventView e, Field field) => e.Text(_slots[field.Name]);
}
