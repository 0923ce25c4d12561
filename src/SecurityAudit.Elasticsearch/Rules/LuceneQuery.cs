using System.Collections.Immutable;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;

namespace SecurityAudit.Elasticsearch.Rules;

/// <summary>Patterns in Lucene's query language, as per-document monitors take them.</summary>
internal static class LuceneQuery
{
    public static string Of(EventPattern pattern, NamedLists lists, IEnumerable<RuleExceptions> exceptions)
    {
        var wanted = string.Join(" OR ", PatternQuery.Alternatives(pattern, lists)
            .Select(fields => $"({string.Join(" AND ", fields.Select(field => Is(field.Key, field.Value)))})"));
        return $"({wanted}){string.Concat(ExceptedSources.Fields(exceptions).Select(field => $" AND NOT {Is(field.Field, field.Values)}"))}";
    }

    private static string Is(string field, ImmutableArray<string> values) => values.Contains("*")
        ? $"_exists_:{field}"
        : $"{field}:({string.Join(" OR ", values.Select(Value))})";

    private static string Value(string value) => value.EndsWith('*')
        ? string.Concat(value[..^1].Select(letter => letter is '<' or '>' ? "?" : char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' ? $"{letter}" : $"\\{letter}")) + "*"
        : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
