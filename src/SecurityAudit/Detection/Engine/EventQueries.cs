using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Detection.Engine;

/// <summary>The events behind an alert, as whoever looks asks for them: a query for Kibana, and a command of the tool.</summary>
internal sealed class EventQueries(NamedLists lists)
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:_@-/");

    public (string Query, string Command) Of(Attack attack, Finding finding)
    {
        var condition = attack.Watch.Rule.When[attack.Condition - 1];
        var group = GroupOf(attack);
        List<string> parts = [$"({string.Join(" or ", KqlQuery.Patterns(condition).Select(pattern => KqlQuery.Of(pattern, lists)))})"];
        parts.AddRange(group.Select(field => KqlQuery.Is(field.Key, field.Key == EventFields.SourceIp.Name ? Networks.Text(field.Value) : field.Value)));
        parts.AddRange(Range(finding).Select(bound => $"@timestamp {bound.Sign} \"{bound.At}\""));
        return (string.Join(" and ", parts), Command(condition, group, finding));
    }

    private string Command(RuleCondition condition, ImmutableArray<KeyValuePair<string, string>> group, Finding finding)
    {
        var actions = KqlQuery.Patterns(condition)
            .SelectMany(pattern => pattern.Alternatives)
            .Select(fields => fields.TryGetValue(JournalFields.Action.Name, out var values) ? lists.Resolve(values) : [])
            .ToList();
        List<string> words = ["security-audit show JOURNAL"];
        if (actions.TrueForAll(some => !some.IsEmpty))
        {
            words.AddRange(actions.SelectMany(some => some).Distinct(StringComparer.Ordinal).Where(IsPlain).Select(action => $"--action {action}"));
        }

        // Whoever attacks chooses names: what a shell could take for more than a word is left out.
        words.AddRange(group.Where(field => IsPlain(field.Value)).Select(field =>
            field.Key == EventFields.SourceIp.Name ? $"--source {Networks.Text(field.Value)}"
            : field.Key == EventFields.User.Id.Name ? $"--user {field.Value}"
            : $"--text {field.Value}"));
        words.AddRange(Range(finding).Select(bound => $"{bound.Option} {bound.At}"));
        return string.Join(' ', words);
    }

    private static ImmutableArray<KeyValuePair<string, string>> GroupOf(Attack attack) =>
        [.. attack.Subject.Fields.Where(field => attack.Watch.Conditions[attack.Condition - 1].GroupBy.Contains(field.Key))];

    private static bool IsPlain(string value) => value.Length > 0 && value[0] != '-' && !value.AsSpan().ContainsAnyExcept(Plain);

    /// <summary>From a second before the first to a second after the last: what is shown is cut to milliseconds.</summary>
    private static IEnumerable<(string Sign, string Option, string At)> Range(Finding finding) => finding.First <= 0 || finding.First > finding.Last
        ? []
        : [(">=", "--from", Text(finding.First - TimeSpan.TicksPerSecond)), ("<=", "--to", Text(finding.Last + TimeSpan.TicksPerSecond))];

    private static string Text(long ticks) => new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
