using System.Collections.Immutable;
using SecurityAudit.Journal;

namespace SecurityAudit;

/// <summary>One security decision or activity: immutable, with the names of the Elastic Common Schema.</summary>
/// <remarks>
/// Begin with a factory of <see cref="SecurityEvents"/> and add to it with <c>with</c> and <see cref="With"/>. What the request, the host
/// and the clock know (who, from where, when, trace, session) is filled in when the event is recorded, where it is still empty.
/// </remarks>
public sealed record SecurityEvent
{
    private string? _message;

    /// <summary>Creates an event of a name of one's own, e.g. <c>invoice_approved</c>.</summary>
    /// <param name="action">ECS <c>event.action</c>: lower case, words joined by underscores or dots.</param>
    /// <param name="categories">ECS <c>event.category</c> values, e.g. <c>iam</c>.</param>
    /// <param name="types">ECS <c>event.type</c> values that one of the categories allows, e.g. <c>change</c>.</param>
    public SecurityEvent(string action, ImmutableArray<string> categories, ImmutableArray<string> types)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(action);
        (Action, Categories, Types) = (action, categories, types);
    }

    /// <summary>ECS <c>event.action</c>: the name in the OWASP Logging Vocabulary where it has one.</summary>
    public string Action { get; init; }

    /// <summary>ECS <c>event.category</c>.</summary>
    public ImmutableArray<string> Categories { get; init; }

    /// <summary>ECS <c>event.type</c>.</summary>
    public ImmutableArray<string> Types { get; init; }

    /// <summary>ECS <c>event.kind</c>: <c>event</c>, or <c>alert</c> for what detection raised.</summary>
    public string Kind { get; init; } = "event";

    /// <summary>ECS <c>event.outcome</c>.</summary>
    public EventOutcome Outcome { get; init; } = EventOutcome.Success;

    /// <summary>ECS <c>event.severity</c>.</summary>
    public EventSeverity Severity { get; init; } = EventSeverity.Low;

    /// <summary>
    /// The level that the OWASP vocabulary gives this event: <c>INFO</c>, <c>WARN</c> or <c>CRITICAL</c>; null for our extensions.
    /// </summary>
    public string? OwaspLevel { get; init; }

    /// <summary>ECS <c>event.reason</c>: why it turned out this way, in a few words.</summary>
    public string? Reason { get; init; }

    /// <summary>One sentence for a person; where it is null, the event's own sentence about what is recorded of it.</summary>
    public string? Message
    {
        get => _message;
        init => _message = value;
    }

    /// <summary>
    /// Says the event as it is when it is redacted: what is masked or made visible in its fields is so in the sentence, too. Null for an event
    /// that the application made by itself, which is said as any of those is.
    /// </summary>
    internal Func<SecurityEvent, string>? Sentence { get; init; }

    /// <summary>Puts the sentence into a finished event, before anybody else sees it.</summary>
    internal void Say(string? sentence) => _message = sentence;

    /// <summary>Who acted; null means the user of the current request, if there is one.</summary>
    public AuditUser? User { get; init; }

    /// <summary>Whose account <see cref="User"/> used while they acted as somebody else; null where everybody was themselves.</summary>
    public AuditUser? Effective { get; init; }

    /// <summary>Who was acted upon.</summary>
    public AuditUser? Target { get; init; }

    /// <summary>ECS <c>event.id</c>, a UUIDv7; given when the event is recorded where it is null.</summary>
    public string? Id { get; init; }

    /// <summary>ECS <c>@timestamp</c>; the moment of recording where it is null.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Further ECS fields: dotted name and string, number, boolean or array of strings.</summary>
    /// <remarks>
    /// A number that is not finite, a name that no field can have (blank, longer than 128 characters, other than visible ASCII, one that
    /// the journal or the event's own properties write, or one above or below another field), and a value that is not of the field's type
    /// where the field is in the list (FIELDS.md), is recorded as the attribute <c>field:name</c>. 64 fields at most; of a list, 256
    /// values.
    /// </remarks>
    public ImmutableArray<KeyValuePair<string, object?>> Fields { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>
    /// Free-form details of the application, under <c>security_audit.attributes</c>: values as strings, redacted by name; 64 at most.
    /// </summary>
    public ImmutableArray<KeyValuePair<string, string?>> Attributes { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>A copy with one more field, or with another value for it; nothing is added for a null value.</summary>
    public SecurityEvent With(string field, object? value)
    {
        if (value is null)
        {
            return this;
        }

        for (var index = 0; index < Fields.Length; index++)
        {
            if (string.Equals(Fields[index].Key, field, StringComparison.Ordinal))
            {
                return this with { Fields = Fields.SetItem(index, new(field, value)) };
            }
        }

        return this with { Fields = Fields.Add(new(field, value)) };
    }

    /// <summary>A copy with the value of a field of the list; nothing is added for null.</summary>
    internal SecurityEvent With<T>(Field<T> field, T? value)
        where T : class => With(field.Name, value);

    /// <inheritdoc cref="With{T}(Field{T}, T)"/>
    internal SecurityEvent With<T>(Field<T> field, T? value)
        where T : struct => value is { } known ? With(field.Name, known) : this;

    /// <summary>A copy with one more free-form detail.</summary>
    public SecurityEvent WithAttribute(string name, string? value) =>
        this with { Attributes = Attributes.Add(new(name, value)) };

    /// <summary>The value of a further field, or null.</summary>
    public object? this[string field]
    {
        get
        {
            foreach (var (name, value) in Fields)
            {
                if (string.Equals(name, field, StringComparison.Ordinal))
                {
                    return value;
                }
            }

            return null;
        }
    }

    /// <summary>The value of a field of the list, or null.</summary>
    internal object? this[Field field] => this[field.Name];
}
