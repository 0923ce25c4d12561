using Microsoft.Extensions.ObjectPool;
using SecurityAudit.Journal;

namespace SecurityAudit.Fields;

/// <summary>
/// An event on its way to the journal: what the caller gave is taken over by name, enriched and redacted in place, and becomes one finished
/// event at the end. Used again for the next event; one thread at a time.
/// </summary>
internal sealed class EventDraft : IResettable
{
    /// <summary>For each field of the library, where in <see cref="Fields"/> it stands, plus one.</summary>
    private readonly byte[] _places = new byte[AuditFields.All.Count];

    /// <summary>What the caller gave, as it was given.</summary>
    public SecurityEvent Given { get; private set; } = null!;

    public DateTimeOffset Timestamp { get; set; }

    public string? Id { get; set; }

    public AuditUser? User { get; set; }

    public AuditUser? Target { get; set; }

    public AuditUser? Effective { get; set; }

    /// <summary>The raw id of a session or token; only its hash becomes a field.</summary>
    public string? RawSession { get; set; }

    /// <summary>The further fields, in the order of the line, each name once.</summary>
    public List<KeyValuePair<string, object?>> Fields { get; } = new(40);

    /// <summary>The application's details, each name once.</summary>
    public List<KeyValuePair<string, string?>> Attributes { get; } = new(8);

    /// <summary>The names of what was cut or left out because it is too much.</summary>
    public List<string> LeftOut { get; } = new(4);

    /// <summary>Something could not be redacted and was left out.</summary>
    public bool RedactionFailed { get; set; }

    public void Begin(SecurityEvent given) => (Given, Id, User, Target, Effective) = (given, given.Id, given.User, given.Target, given.Effective);

    /// <summary>Sets a field by its name; the last value of a name wins.</summary>
    public void Set(string name, object value) => Set(name, value, AuditFields.Find(name));

    /// <summary>Sets a detail by its name; the last value of a name wins.</summary>
    public void SetAttribute(string name, string value)
    {
        var at = IndexOf(Attributes, name);
        if (at < 0)
        {
            Attributes.Add(new(name, value));
        }
        else
        {
            Attributes[at] = new(name, value);
        }
    }

    public bool Has(string field) => AuditFields.Find(field) is { } known ? Has(known) : IndexOf(Fields, field) >= 0;

    public bool Has(Field field) => _places[field.Ordinal] != 0;

    public string? Attribute(string name) => IndexOf(Attributes, name) is >= 0 and var at ? Attributes[at].Value : null;

    public object? this[Field field] => Has(field) ? Fields[_places[field.Ordinal] - 1].Value : null;

    public void Set<T>(Field<T> field, T value) => Set(field.Name, value!, field);

    /// <summary>What the capture said wins over what enrichment finds.</summary>
    public void AddIfAbsent<T>(Field<T> field, T? value)
    {
        if (value is not null && !Has(field))
        {
            Set(field, value);
        }
    }

    /// <summary>Takes away the fields from that number on.</summary>
    public void Shorten(int count)
    {
        for (var at = Fields.Count - 1; at >= count; at--)
        {
            if (AuditFields.Find(Fields[at].Key) is { } known)
            {
                _places[known.Ordinal] = 0;
            }
        }

        Fields.RemoveRange(count, Fields.Count - count);
    }

    public bool TryReset()
    {
        Array.Clear(_places);
        Fields.Clear();
        Attributes.Clear();
        LeftOut.Clear();
        (Given, Timestamp, Id, User, Target, Effective, RawSession, RedactionFailed) = (null!, default, null, null, null, null, null, false);
        return true;
    }

    private void Set(string name, object value, Field? known)
    {
        var at = known is null ? IndexOf(Fields, name) : _places[known.Ordinal] - 1;
        if (at >= 0)
        {
            Fields[at] = new(name, value);
            return;
        }

        Fields.Add(new(name, value));
        if (known is not null)
        {
            _places[known.Ordinal] = (byte)Fields.Count;
        }
    }

    private static int IndexOf<T>(List<KeyValuePair<string, T?>> pairs, string name)
    {
        for (var at = 0; at < pairs.Count; at++)
        {
            if (string.Equals(pairs[at].Key, name, StringComparison.Ordinal))
            {
                return at;
            }
        }

        return -1;
    }
}
