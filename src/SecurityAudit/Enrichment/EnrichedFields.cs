using System.Collections.Immutable;
using SecurityAudit.Journal;

namespace SecurityAudit.Enrichment;

/// <summary>What the capture said wins over what enrichment finds.</summary>
internal static class EnrichedFields
{
    public static object? Find(this ImmutableArray<KeyValuePair<string, object?>>.Builder fields, string name)
    {
        foreach (var (key, value) in fields)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    public static object? Find(this ImmutableArray<KeyValuePair<string, object?>>.Builder fields, Field field) => fields.Find(field.Name);

    public static void AddIfAbsent<T>(this ImmutableArray<KeyValuePair<string, object?>>.Builder fields, Field<T> field, T? value)
    {
        if (value is not null && fields.Find(field) is null)
        {
            fields.Add(new(field.Name, value));
        }
    }
}
