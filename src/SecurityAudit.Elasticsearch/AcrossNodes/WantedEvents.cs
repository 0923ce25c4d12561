using System.Text.Json.Nodes;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Elasticsearch.Rules;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.AcrossNodes;

/// <summary>The query that narrows to the events that any rule looks at, and to the alerts of the nodes themselves.</summary>
internal static class WantedEvents
{
    public static JsonObject Query(IEnumerable<DetectionRule> rules, NamedLists lists)
    {
        var actions = new SortedSet<string>(StringComparer.Ordinal);
        List<JsonObject> queries = [];
        foreach (var alternative in rules.SelectMany(rule => rule.When).SelectMany(Patterns).SelectMany(pattern => PatternQuery.Alternatives(pattern, lists)))
        {
            if (alternative.TryGetValue(JournalFields.Action.Name, out var values) && !values.Any(value => value.EndsWith('*')))
            {
                actions.UnionWith(values);
            }
            else
            {
                queries.Add(PatternQuery.All([.. alternative.Select(field => PatternQuery.Is(field.Key, field.Value)).OfType<JsonObject>()]));
            }
        }

        return PatternQuery.Any([
            PatternQuery.Prefix(JournalFields.Action.Name, AlertActions.Prefix),
            .. actions.Count > 0 ? [PatternQuery.Terms(JournalFields.Action.Name, actions)] : Array.Empty<JsonObject>(),
            .. queries,
        ]);
    }

    /// <summary>All that a condition looks at, what takes back among it.</summary>
    public static IEnumerable<EventPattern> Patterns(RuleCondition condition) => condition is ThresholdCondition { TakenBackBy: { } pattern }
        ? [.. KqlQuery.Patterns(condition), pattern]
        : KqlQuery.Patterns(condition);
}
