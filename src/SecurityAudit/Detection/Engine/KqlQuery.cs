namespace SecurityAudit.Detection.Engine;

/// <summary>Patterns in Kibana's query language (KQL).</summary>
internal static class KqlQuery
{
    /// <summary>The patterns of all events that a condition looks at.</summary>
    public static IReadOnlyList<EventPattern> Patterns(RuleCondition condition) => condition switch
    {
        ThresholdCondition threshold => [threshold.Events],
        SequenceCondition sequence => [.. sequence.Steps.Select(step => step.Events)],
        NewValueCondition value => [value.Events],
        AbsenceCondition absence => [absence.Events],
        TravelCondition travel => [travel.Events],
        _ => [],
    };

    /// <summary>A pattern, with the lists put in; an alternative whose list is empty matches nothing and is left out.</summary>
    public static string Of(EventPattern pattern, NamedLists lists)
    {
        var alternatives = pattern.Alternatives
            .Select(fields => fields.Select(field => (field.Key, Values: lists.Resolve(field.Value))).ToList())
            .Where(fields => fields.TrueForAll(field => !field.Values.IsEmpty))
            .Select(fields => string.Join(" and ", fields.Select(field => Is(field.Key, [.. field.Values]))))
            .ToList();
        return alternatives.Count == 1 ? alternatives[0] : string.Join(" or ", alternatives.Select(alternative => $"({alternative})"));
    }

    /// <summary>The field holds one of the values; a star at a value's end stands for any rest.</summary>
    public static string Is(string field, params string[] values) =>
        values.Length == 1 ? $"{field} : {Value(values[0])}" : $"{field} : ({string.Join(" or ", values.Select(Value))})";

    private static string Value(string value) => value.EndsWith('*')
        ? Plain(value[..^1]) + "*"
        : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>Within quotation marks a star would be a star: what has a meaning without them is escaped.</summary>
    private static string Plain(string value) => string.Join(' ', value.Split(' ').Select(word => word.ToUpperInvariant() is "AND" or "OR" or "NOT"
        ? "\\" + word
        : string.Concat(word.Select(letter => "\\():<>\"*{}".Contains(letter, StringComparison.Ordinal) ? $"\\{letter}" : $"{letter}"))));
}
