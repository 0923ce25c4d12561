using System.Collections.Immutable;
using System.Globalization;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Rules;

/// <summary>A sequence in Elastic's event query language (EQL).</summary>
/// <param name="Query">The query.</param>
/// <param name="Open">What the query leaves open, since EQL compares the same fields along the whole sequence.</param>
internal sealed record EqlSequence(string Query, ImmutableArray<string> Open)
{
    /// <summary>Null where a step needs a list that is empty: it never happens.</summary>
    public static EqlSequence? Of(SequenceCondition sequence, NamedLists lists, IEnumerable<RuleExceptions> exceptions)
    {
        var steps = sequence.Steps.Select(step => PatternQuery.Alternatives(step.Events, lists).ToList()).ToList();
        if (steps.Exists(step => step.Count == 0))
        {
            return null;
        }

        var joins = Joins(sequence);
        var open = OpenFields(sequence, joins, "EQL");
        var left = string.Concat(ExceptedSources.Fields(exceptions).Select(field => $" and not {Is(field.Field, field.Values)}"));
        var lines = steps.Select((step, index) => $"  [any where ({string.Join(" or ", step.Select(Of))}){left}]"
            + (joins.Count > 0 ? " by " + string.Join(", ", joins.Select(join => Name(join[index]))) : ""));
        var seconds = ((long)Math.Ceiling(sequence.Within.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return new EqlSequence($"sequence with maxspan={seconds}s\n{string.Join('\n', lines)}", [.. open]);
    }

    /// <summary>The fields, one for each step, that are the same from the first step to the last.</summary>
    public static List<string[]> Joins(SequenceCondition sequence)
    {
        var joins = new List<string[]>();
        foreach (var (own, before) in sequence.Steps[^1].Same)
        {
            var join = new string[sequence.Steps.Length];
            (join[^1], join[^2]) = (own, before);
            for (var step = sequence.Steps.Length - 2; step > 0; step--)
            {
                if (!sequence.Steps[step].Same.TryGetValue(join[step], out var earlier))
                {
                    join = [];
                    break;
                }

                join[step - 1] = earlier;
            }

            if (join.Length > 0)
            {
                joins.Add(join);
            }
        }

        return joins;
    }

    /// <summary>What is not compared, since all steps are joined by the same fields.</summary>
    public static IEnumerable<string> OpenFields(SequenceCondition sequence, List<string[]> joins, string language) => sequence.Steps.Index()
        .SelectMany(step => step.Item.Same.Where(same => !joins.Exists(join => join[step.Index] == same.Key && join[step.Index - 1] == same.Value))
            .Select(same => $"Step {step.Index + 1} need not have the {same.Key} that step {step.Index} has as {same.Value}: {language} joins all steps by the same fields."));

    private static string Of(ImmutableSortedDictionary<string, ImmutableArray<string>> fields) =>
        string.Join(" and ", fields.Select(field => Is(field.Key, field.Value)));

    private static string Is(string field, ImmutableArray<string> values)
    {
        if (values.Contains("*"))
        {
            return $"{Name(field)} != null";
        }

        if (AuditFields.Find(field)?.Type == FieldType.Ip && values.Any(value => value.Contains('/', StringComparison.Ordinal)))
        {
            return $"cidrMatch({Name(field)}, {string.Join(", ", values.Select(Value))})";
        }

        if (AuditFields.Find(field)?.Type == FieldType.Boolean)
        {
            return $"{Name(field)} == {values[0]}";
        }

        var whole = values.Where(value => !value.EndsWith('*')).ToList();
        var begun = values.Where(value => value.EndsWith('*')).ToList();
        var parts = new List<string>();
        if (whole.Count > 0)
        {
            parts.Add(whole.Count == 1 ? $"{Name(field)} == {Value(whole[0])}" : $"{Name(field)} in ({string.Join(", ", whole.Select(Value))})");
        }

        if (begun.Count > 0)
        {
            parts.Add($"startsWith({Name(field)}, {string.Join(", ", begun.Select(value => Value(value[..^1])))})");
        }

        return parts.Count == 1 ? parts[0] : $"({string.Join(" or ", parts)})";
    }

    private static string Name(string field) => field.StartsWith('@') ? $"`{field}`" : field;

    private static string Value(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
