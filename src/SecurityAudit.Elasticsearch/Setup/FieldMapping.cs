using System.Text.Json.Nodes;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Setup;

/// <summary>
/// The list of fields in an engine's words: each field of the list is mapped and nothing else is. What an event has besides is stored and
/// shown, but not indexed, so that no event can make the mapping grow.
/// </summary>
internal static class FieldMapping
{
    public const string Keyword = "keyword";
    public const string Text = "match_only_text";
    public const string Wildcard = "wildcard";
    public const string Long = "long";
    public const string Date = "date";
    public const string Flattened = "flattened";
    public const string Constant = "constant_keyword";

    public static string TypeOf(Field field) => field.Type switch
    {
        FieldType.Text => Text,
        FieldType.Wildcard => Wildcard,
        FieldType.Long => Long,
        FieldType.Float => "float",
        FieldType.Boolean => "boolean",
        FieldType.Date => Date,
        FieldType.Ip => "ip",
        FieldType.Flattened => Flattened,
        FieldType.GeoPoint => "geo_point",
        _ => Keyword,
    };

    /// <summary>The plain type of the same family, for an engine that lacks the better one.</summary>
    public static string Plain(string type) => type switch { Wildcard or Constant => Keyword, Text => "text", Flattened => "flat_object", _ => type };

    /// <summary>The mapping of each field, by its dotted name.</summary>
    public static JsonObject Properties(ElasticsearchDistribution distribution, IReadOnlySet<string> missingTypes)
    {
        var properties = new JsonObject();
        foreach (var field in AuditFields.All.OrderBy(field => field.Name, StringComparer.Ordinal))
        {
            properties[field.Name] = Of(field, distribution, missingTypes);
        }

        return properties;
    }

    private static JsonObject Of(Field field, ElasticsearchDistribution distribution, IReadOnlySet<string> missingTypes)
    {
        var type = distribution == ElasticsearchDistribution.OpenSearch ? OnOpenSearch(TypeOf(field)) : TypeOf(field);
        var mapped = new JsonObject { ["type"] = missingTypes.Contains(type) ? Plain(type) : type };
        if (type is Keyword or Wildcard or Flattened)
        {
            mapped["ignore_above"] = 1024; // Lucene refuses a term above 32,766 bytes, and the event with it
        }

        if (!field.IsIndexed)
        {
            mapped["index"] = false;
        }

        return mapped;
    }

    /// <summary>
    /// OpenSearch has <c>flat_object</c> for <c>flattened</c>, and its <c>wildcard</c> cannot be divided by, as panels do with paths.
    /// </summary>
    private static string OnOpenSearch(string type) => type is Flattened or Wildcard ? Plain(type) : type;
}
