using System.Collections;

namespace SecurityAudit.Journal;

/// <summary>A list of fields while it is written down; another may go on where it ends.</summary>
/// <param name="before">The list that this one goes on from; null for the first.</param>
internal sealed class FieldList(FieldList? before = null) : IReadOnlyList<Field>
{
    private readonly List<Field> _fields = before is null ? [] : [.. before];

    public int Count => _fields.Count;

    public Field this[int index] => _fields[index];

    /// <summary>A field of the Elastic Common Schema; its type is said where the type of the value does not tell it.</summary>
    public Field<T> Ecs<T>(string name, string meaning, string presence, FieldType? type = null, FieldWriter writer = FieldWriter.Library) =>
        Add(new Field<T>(Count, name, type ?? TypeOf<T>()) { IsEcs = true, Meaning = meaning, Presence = presence, Writer = writer });

    /// <summary>A field of our own.</summary>
    public Field<T> Own<T>(string name, string meaning, string presence, FieldType? type = null, bool isIndexed = true) =>
        Add(new Field<T>(Count, name, type ?? TypeOf<T>()) { Meaning = meaning, Presence = presence, IsIndexed = isIndexed });

    public IEnumerator<Field> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Field<T> Add<T>(Field<T> field)
    {
        _fields.Add(field);
        return field;
    }

    private static FieldType TypeOf<T>() =>
        typeof(T) == typeof(int) || typeof(T) == typeof(long) ? FieldType.Long
        : typeof(T) == typeof(double) ? FieldType.Float
        : typeof(T) == typeof(bool) ? FieldType.Boolean
        : typeof(T) == typeof(DateTimeOffset) ? FieldType.Date
        : FieldType.Keyword;
}
