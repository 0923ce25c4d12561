using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using SecurityAudit.Redaction;
using SecurityAudit.Sentences;

namespace SecurityAudit.Capture.Tables;

/// <summary>
/// One row of a tracked table that is about to be written: everything that it was, read now, and everything that it becomes, read when it
/// is written and the database has given its keys. Of values with a sensitive name it is told that they changed.
/// </summary>
internal sealed class TrackedRow
{
    private const int MaxItems = 32;

    private readonly EntityEntry _entry;
    private readonly SensitiveNames _names;
    private readonly string _operation;
    private readonly ImmutableArray<string> _before;
    private readonly string _row;
    private readonly List<string> _withheld = [];
    private readonly bool _isChanged;

    private TrackedRow(EntityEntry entry, SensitiveNames names)
    {
        (_entry, _names) = (entry, names);
        _operation = entry.State switch { EntityState.Added => "insert", EntityState.Deleted => "delete", _ => "update" };
        _before = entry.State == EntityState.Added ? [] : Values(entry.OriginalValues);
        _row = Key();
        foreach (var property in entry.CurrentValues.Properties)
        {
            var (was, becomes) = (entry.OriginalValues[property], entry.CurrentValues[property]);
            var isChanged = entry.State != EntityState.Modified || !property.GetValueComparer().Equals(was, becomes);
            _isChanged |= isChanged;
            if (isChanged && _names.Match(Name(property)) && (was ?? becomes) is not null)
            {
                _withheld.Add(Name(property));
            }
        }
    }

    /// <summary>The row; null where nothing differs, though it be marked as changed.</summary>
    public static TrackedRow? Of(EntityEntry entry, SensitiveNames names) => new TrackedRow(entry, names) is { _isChanged: true } row ? row : null;

    public SecurityEvent Event()
    {
        ImmutableArray<string> after = _operation is "delete" ? [] : Values(_entry.CurrentValues);
        var made = SecurityEvents.AuthzChange(null, "permission", _before, after) with { Sentence = TableWords.Row };
        made = made.WithAttribute("table", Table(_entry.Metadata)).WithAttribute("operation", _operation)
            .WithAttribute("row", _operation is "insert" ? Key() : _row);
        return _withheld.Count > 0 ? made.WithAttribute("withheld", string.Join(", ", _withheld)) : made;
    }

    private static string Table(IEntityType type) => type.FindAnnotation("Relational:TableName")?.Value as string ?? type.ShortName();

    /// <summary>The property's name, with that of the part of the row before it that it belongs to.</summary>
    private static string Name(IProperty property)
    {
        if (property.DeclaringType is IEntityType)
        {
            return property.Name;
        }

        var part = property.DeclaringType.Name.Split('#')[0];
        return $"{part[(part.LastIndexOf('.') + 1)..]}.{property.Name}";
    }

    private string Key() => _entry.Metadata.FindPrimaryKey() is { } key
        ? string.Join(", ", key.Properties.Select(property => _names.Match(property.Name)
            ? property.Name
            : $"{property.Name}={Text(property, (_entry.State == EntityState.Deleted ? _entry.OriginalValues : _entry.CurrentValues)[property])}"))
        : "without a key";

    private ImmutableArray<string> Values(PropertyValues values) =>
    [
        .. values.Properties.Where(property => !_names.Match(Name(property))).Select(property => $"{Name(property)}={Text(property, values[property])}"),
    ];

    private static string Text(IProperty property, object? value) => value switch
    {
        null => "null",
        string text => text,
        bool flag => flag ? "true" : "false",
        byte[] bytes => string.Create(CultureInfo.InvariantCulture, $"({bytes.Length} bytes)"),
        Enum or IFormattable => Plain(value),
        IEnumerable many => $"[{string.Join(", ", many.Cast<object?>().Take(MaxItems).Select(item => item is null ? "null" : Plain(item)))}]",
        _ => property.FindTypeMapping()?.Converter?.ConvertToProvider(value) is { } stored and (string or IFormattable)
            ? Plain(stored)
            : $"({value.GetType().Name})",
    };

    private static string Plain(object value) => value switch
    {
        DateTime moment => moment.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset moment => moment.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };
}
