using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Rules;

/// <summary>
/// Patterns of rules as queries of the engines. What an engine cannot look for by a field's type is left open, never left out.
/// </summary>
internal static class PatternQuery
{
    /// <summary>The events that a pattern means; null where a list that it needs is empty, so that none is.</summary>
    public static JsonObject? Of(EventPattern pattern, NamedLists lists)
    {
        var alternatives = Alternatives(pattern, lists).Select(fields => All([.. fields.Select(field => Is(field.Key, field.Value)).OfType<JsonObject>()])).ToList();
        return alternatives.Count == 0 ? null : Any(alternatives);
    }

    /// <summary>The alternatives with the lists put in, without those that can match nothing.</summary>
    public static IEnumerable<ImmutableSortedDictionary<string, ImmutableArray<string>>> Alternatives(EventPattern pattern, NamedLists lists) => pattern.Alternatives
        .Select(fields => fields.ToImmutableSortedDictionary(field => field.Key, field => lists.Resolve(field.Value), StringComparer.Ordinal))
        .Where(fields => fields.Values.All(values => !values.IsEmpty));

    /// <summary>
    /// The field holds one of the values, a star at whose end stands for any rest; null where the engine cannot look for that.
    /// </summary>
    public static JsonObject? Is(string field, ImmutableArray<string> values)
    {
        var type = AuditFields.Find(field) is { IsIndexed: true } known ? known.Type : (FieldType?)null;
        if (values.Contains("*"))
        {
            return type is null or FieldType.Flattened ? null : Exists(field);
        }

        var whole = values.Where(value => !value.EndsWith('*')).ToArray();
        var begun = values.Where(value => value.EndsWith('*')).Select(value => value[..^1]).ToArray();
        return type switch
        {
            FieldType.Keyword or FieldType.Wildcard =>
                Any([.. whole.Length > 0 ? [Terms(field, whole)] : Array.Empty<JsonObject>(), .. begun.Select(prefix => Prefix(field, prefix))]),
            FieldType.Ip when begun.Length == 0 && Array.TrueForAll(whole, value => ExceptedEvents.TryParse(value) is not null) => Terms(field, whole),
            FieldType.Boolean when begun.Length == 0 && Array.TrueForAll(whole, value => value is "true" or "false") => Terms(field, whole),
            FieldType.Long when begun.Length == 0 && Array.TrueForAll(whole, value => long.TryParse(value, out _)) => Terms(field, whole),
            _ => null,
        };
    }

    public static JsonObject Terms(string field, IEnumerable<string> values) =>
        new() { ["terms"] = new JsonObject { [field] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]) } };

    public static JsonObject Prefix(string field, string prefix) => new() { ["prefix"] = new JsonObject { [field] = new JsonObject { ["value"] = prefix } } };

    public static JsonObject Exists(string field) => new() { ["exists"] = new JsonObject { ["field"] = field } };

    /// <summary>From the first moment on, and up to the last, each with its place among the events of that millisecond.</summary>
    public static JsonObject Between(DateTimeOffset? from, DateTimeOffset to)
    {
        var range = new JsonObject { ["lte"] = to.ToUnixTimeMilliseconds(), ["format"] = "epoch_millis" };
        if (from is { } begin)
        {
            range["gte"] = begin.ToUnixTimeMilliseconds();
        }

        return new JsonObject { ["range"] = new JsonObject { [JournalFields.Timestamp.Name] = range } };
    }

    public static JsonObject All(params IReadOnlyList<JsonObject> queries) => queries.Count switch
    {
        0 => new JsonObject { ["match_all"] = new JsonObject() },
        1 => queries[0],
        _ => new JsonObject { ["bool"] = new JsonObject { ["filter"] = new JsonArray([.. queries]) } },
    };

    public static JsonObject Any(IReadOnlyList<JsonObject> queries) => queries.Count == 1
        ? queries[0]
        : new JsonObject { ["bool"] = new JsonObject { ["should"] = new JsonArray([.. queries]), ["minimum_should_match"] = 1 } };
}
