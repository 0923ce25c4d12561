using SecurityAudit.Detection.Engine;
using SecurityAudit.Fields;

namespace SecurityAudit.Detection.Rules;

/// <summary>What is wrong with a rule: above all, what would keep it from ever finding anything.</summary>
internal static class RuleCheck
{
    private const int MostConditions = 8;
    private const int MostCount = 256;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestHistory = TimeSpan.FromDays(3650);
    private static readonly HashSet<string> Known = AlertFields.All.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);

    public static IEnumerable<string> Faults(DetectionRule rule)
    {
        if (rule.Id is not { Length: > 0 and <= 64 } || rule.Id.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter != '_'))
        {
            yield return $"id is '{rule.Id}', expected 1 to 64 lower-case letters, digits and underscores.";
        }

        if (rule.Id is "summary" or "resolved")
        {
            yield return $"id is '{rule.Id}', expected another: alert_{rule.Id} is what becomes of alerts.";
        }

        foreach (var (name, value) in new[] { ("name", rule.Name), ("description", rule.Description), ("alert", rule.Alert), ("advice", rule.Advice) })
        {
            if (string.IsNullOrWhiteSpace(value) || value.Length > 1000)
            {
                yield return $"{name} is '{value}', expected 1 to 1000 characters.";
            }
        }

        if (rule.SummaryInterval < TimeSpan.FromMinutes(1))
        {
            yield return $"summaryInterval is {rule.SummaryInterval}, expected a minute or more.";
        }

        foreach (var source in rule.Exceptions.Sources.Where(source => ExceptedEvents.TryParse(source) is null))
        {
            yield return $"exceptions.sources has '{source}', expected an address or a network such as 10.0.0.0/8.";
        }

        if (rule.When.IsDefaultOrEmpty || rule.When.Length > MostConditions)
        {
            yield return $"when has {(rule.When.IsDefault ? 0 : rule.When.Length)} conditions, expected 1 to {MostConditions}: without one it never finds anything.";
            yield break;
        }

        for (var index = 0; index < rule.When.Length; index++)
        {
            foreach (var fault in rule.When[index] is { } condition ? Faults(condition) : ["is empty, expected a condition."])
            {
                yield return $"when[{index}] {fault}";
            }
        }
    }

    private static IEnumerable<string> Faults(RuleCondition condition) => condition switch
    {
        ThresholdCondition threshold => [.. OfPattern(threshold.Events), .. OfFields(threshold.GroupBy), .. OfThreshold(threshold), .. Within(threshold.Within, Longest)],
        SequenceCondition sequence => [.. OfSequence(sequence), .. Within(sequence.Within, Longest)],
        NewValueCondition value => [.. OfPattern(value.Events), .. OfGroup(value.GroupBy), .. OfFields([value.Field]), .. Within(value.Within, LongestHistory)],
        AbsenceCondition absence => [.. OfPattern(absence.Events), .. OfGroup(absence.GroupBy), .. Within(absence.LongerThan, LongestHistory)],
        TravelCondition travel => [.. OfPattern(travel.Events), .. OfGroup(travel.GroupBy), .. OfTravel(travel)],
        _ => [$"is a {condition.GetType().Name}, expected a threshold, sequence, new_value, absence or travel."],
    };

    private static IEnumerable<string> OfThreshold(ThresholdCondition threshold)
    {
        if (threshold.Count is < 1 or > MostCount)
        {
            yield return $"count is {threshold.Count}, expected 1 to {MostCount}.";
        }

        if (threshold.TakenBackBy is { } pattern)
        {
            foreach (var fault in OfPattern(pattern))
            {
                yield return fault;
            }
        }

        if (threshold.Distinct is not { } distinct)
        {
            yield break;
        }

        foreach (var fault in OfFields([distinct.Field]))
        {
            yield return fault;
        }

        if (distinct.Count < 2 || distinct.Count > threshold.Count)
        {
            yield return $"distinct.count is {distinct.Count}, expected 2 to {threshold.Count}, the count: fewer events have no more values.";
        }

        if (distinct.EachAtMost is < 1)
        {
            yield return $"distinct.eachAtMost is {distinct.EachAtMost}, expected 1 or more: else nothing ever counts.";
        }

        if (threshold.GroupBy.Contains(distinct.Field))
        {
            yield return $"distinct.field is {distinct.Field}, which the group has in common: it never differs.";
        }
    }

    private static IEnumerable<string> OfSequence(SequenceCondition sequence)
    {
        if (sequence.Steps.IsDefault || sequence.Steps.Length is < 2 or > 4)
        {
            yield return $"has {(sequence.Steps.IsDefault ? 0 : sequence.Steps.Length)} steps, expected 2 to 4.";
            yield break;
        }

        for (var index = 0; index < sequence.Steps.Length; index++)
        {
            var step = sequence.Steps[index];
            foreach (var fault in OfPattern(step.Events).Concat(OfFields([.. step.Same.Keys, .. step.Same.Values])))
            {
                yield return $"steps[{index}] {fault}";
            }

            if (index > 0 == step.Same.IsEmpty)
            {
                yield return index == 0
                    ? "steps[0] has 'same', expected none: there is no step before."
                    : $"steps[{index}] has no 'same', expected the fields that equal those of the step before.";
            }
        }
    }

    private static IEnumerable<string> OfTravel(TravelCondition travel)
    {
        if (travel.KilometresPerHour is not (>= 1 and <= 100_000))
        {
            yield return $"kilometresPerHour is {travel.KilometresPerHour}, expected 1 to 100,000.";
        }

        if (travel.AtLeastKilometres is not (>= 0 and < 20_000))
        {
            yield return $"atLeastKilometres is {travel.AtLeastKilometres}, expected 0 to 20,000: no two places are farther apart.";
        }
    }

    private static IEnumerable<string> OfPattern(EventPattern? pattern)
    {
        if (pattern is null || pattern.Alternatives.IsDefaultOrEmpty || pattern.Alternatives.Any(fields => fields.IsEmpty))
        {
            return ["events names no field, expected at least event.action."];
        }

        return pattern.Alternatives.SelectMany(fields => OfFields([.. fields.Keys])
            .Concat(fields.Where(field => field.Value.IsDefaultOrEmpty)
                .Select(field => $"events: {field.Key} has no values, so no event is wanted; expected one or more, or \"*\" for any."))
            .Concat(fields.SelectMany(field => field.Value).Where(value => value.StartsWith('@') && !NamedLists.Names.Contains(value))
                .Select(value => $"events: '{value}' is no list, expected one of {string.Join(", ", NamedLists.Names)}.")));
    }

    private static IEnumerable<string> OfGroup(IReadOnlyList<string> fields) =>
        fields.Count == 0 ? ["groupBy is empty, expected a field: whose values they are."] : OfFields(fields);

    private static IEnumerable<string> OfFields(IReadOnlyList<string> fields) =>
        fields.Where(field => !Known.Contains(field)).Select(field => $"names the field '{field}', which no event has; expected one of FIELDS.md.");

    private static IEnumerable<string> Within(TimeSpan time, TimeSpan longest)
    {
        if (time <= TimeSpan.Zero || time > longest)
        {
            yield return $"looks back {time}, expected more than nothing and at most {longest}.";
        }
    }
}
