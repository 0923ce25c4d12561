using System.Collections.Immutable;

namespace SecurityAudit.Enrichment;

/// <summary>What the capture said wins over what enrichment finds.</summary>
internal static class FieldList
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

    public static void AddIfAbsent(this ImmutableArray<KeyValuePair<string, object?>>.Builder fields, string name, object? value)
    {
        if (value is not null && fields.Find(name) is null)
        {
            fields.Add(new(name, value));
        }
    }
}
