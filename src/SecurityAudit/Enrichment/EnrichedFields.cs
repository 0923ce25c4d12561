using System.Collections.Immutable;
using SecurityAudit.Journal;

namespace SecurityAudit.Enrichment;

/// <summary>What the capture said wins over what enrichment finds.</summary>
internal static class EnrichedFields
{
    public static object? Find(this ImmutableArray<KeyValuePair<string, object?>>.Builder fields, string name)
    {
        // By index: the builder's enumerator is an object.
        for (var index = 0; index < fields.Count; index++)
        {
            if (fields[index].Key == name)
            {
                return fields[index].Value;
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
