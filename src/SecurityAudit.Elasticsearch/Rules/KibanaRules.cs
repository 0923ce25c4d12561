using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Rules;

/// <summary>The rules as detection rules of Kibana (Elastic Security), switched off: whoever imports them chooses.</summary>
/// <param name="Rules">A JSON object each, as Kibana imports it.</param>
/// <param name="LeftOut">Conditions that Kibana has no rule for, each with the reason.</param>
internal sealed record KibanaRules(ImmutableArray<JsonObject> Rules, ImmutableArray<string> LeftOut)
{
    /// <summary>One rule a line.</summary>
    public string Ndjson() => string.Concat(Rules.Select(rule => System.Text.Encoding.UTF8.GetString(JsonBody.Of(rule, Readable).Span) + "\n"));

    private static JsonWriterOptions Readable => new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static KibanaRules Of(RuleSet set)
    {
        var (made, leftOut) = (ImmutableArray.CreateBuilder<JsonObject>(), ImmutableArray.CreateBuilder<string>());
        foreach (var form in RuleForm.Of(set.Rules))
        {
            var (specifics, differences, reason) = Specifics(form, set.Lists, [set.Exceptions, form.Rule.Exceptions]);
            if (specifics is null)
            {
                leftOut.Add($"{form.Name}: {reason}");
                continue;
            }

            made.Add(Whole(form, specifics, [.. form.Differences(set.Lists, groups: true), .. differences]));
        }

        return new KibanaRules(made.ToImmutable(), leftOut.ToImmutable());
    }

    private static (JsonObject? Rule, ImmutableArray<string> Differences, string Reason) Specifics(RuleForm form, NamedLists lists, ImmutableArray<RuleExceptions> exceptions) =>
        form.Condition switch
        {
            ThresholdCondition threshold => Kql(threshold.Events, lists, exceptions) is { } query ? (Threshold(threshold, query), [], "") : (null, [], NoList),
            SequenceCondition sequence => EqlSequence.Of(sequence, lists, exceptions) is { } eql ? (Sequence(sequence, eql), eql.Open, "") : (null, [], NoList),
            NewValueCondition value => Kql(value.Events, lists, exceptions) is { } query
                ? (NewTerms(query, [.. value.GroupBy, value.Field], value.Within), [FirstOfAll(value.GroupBy)], "")
                : (null, [], NoList),
            AbsenceCondition absence => Kql(absence.Events, lists, exceptions) is { } query
                ? (NewTerms(query, absence.GroupBy, absence.LongerThan), [FirstOfAll(absence.GroupBy)], "")
                : (null, [], NoList),
            _ => (null, [], "Kibana knows no distances between two events and no speeds."),
        };

    private static string? Kql(EventPattern pattern, NamedLists lists, ImmutableArray<RuleExceptions> exceptions) =>
        PatternQuery.Alternatives(pattern, lists).Any() ? ExceptedSources.Kql(KqlQuery.Of(pattern, lists), exceptions) : null;

    private const string NoList = "it looks for a list (@administrators, @honeytokens) that is empty.";

    private static string FirstOfAll(IEnumerable<string> groupBy) =>
        $"A {string.Join(", ", groupBy)} that was never seen before is told, too, where SecurityAudit tells of known ones alone.";

    private static JsonObject Threshold(ThresholdCondition threshold, string query)
    {
        var limit = new JsonObject
        {
            ["field"] = new JsonArray([.. threshold.GroupBy.Select(field => JsonValue.Create(field))]),
            ["value"] = threshold.Count,
        };
        if (threshold.Distinct is { } distinct)
        {
            limit["cardinality"] = new JsonArray(new JsonObject { ["field"] = distinct.Field, ["value"] = distinct.Count });
        }

        return new JsonObject
        {
            ["type"] = "threshold", ["language"] = "kuery", ["query"] = query, ["threshold"] = limit,
            ["interval"] = Minutes(RuleForm.IntervalOf(threshold.Within)), ["from"] = "now-" + Minutes(RuleForm.ReachOf(threshold.Within)),
        };
    }

    private static JsonObject Sequence(SequenceCondition sequence, EqlSequence eql) => new()
    {
        ["type"] = "eql", ["language"] = "eql", ["query"] = eql.Query, ["tiebreaker_field"] = JournalFields.Sequence.Name,
        ["interval"] = Minutes(RuleForm.IntervalOf(sequence.Within)), ["from"] = "now-" + Minutes(RuleForm.ReachOf(sequence.Within)),
    };

    private static JsonObject NewTerms(string query, ImmutableArray<string> fields, TimeSpan window) => new()
    {
        ["type"] = "new_terms", ["language"] = "kuery", ["query"] = query,
        ["new_terms_fields"] = new JsonArray([.. fields.Select(field => JsonValue.Create(field))]),
        ["history_window_start"] = string.Create(CultureInfo.InvariantCulture, $"now-{(int)Math.Ceiling(window.TotalDays)}d"),
        ["interval"] = "5m", ["from"] = "now-6m",
    };

    private static JsonObject Whole(RuleForm form, JsonObject specifics, ImmutableArray<string> differences)
    {
        var rule = form.Rule;
        var whole = new JsonObject
        {
            ["rule_id"] = form.Id, ["version"] = 1, ["name"] = $"{form.Name} (SecurityAudit)", ["description"] = rule.Description,
            ["enabled"] = false, ["risk_score"] = (int)rule.Severity, ["severity"] = SeverityConverter.Text(rule.Severity),
            ["index"] = new JsonArray(IndexNames.EventsPattern), ["to"] = "now", ["max_signals"] = 100,
            ["tags"] = new JsonArray("SecurityAudit"), ["author"] = new JsonArray("SecurityAudit"), ["false_positives"] = new JsonArray(),
            ["references"] = rule.Reference is { } reference ? new JsonArray(reference) : new JsonArray(),
            ["threat"] = rule.Technique is { } technique ? new JsonArray(Threat(technique)) : new JsonArray(),
            ["note"] = Note(rule, differences),
        };
        foreach (var (name, value) in specifics.ToList())
        {
            specifics.Remove(name);
            whole[name] = value;
        }

        return whole;
    }

    private static JsonObject Threat(AttackTechnique attack)
    {
        var technique = new JsonObject { ["id"] = attack.Id, ["name"] = attack.Name, ["reference"] = attack.Reference };
        if (attack is { SubtechniqueId: { } id, Subtechnique: { } name, SubtechniqueReference: { } reference })
        {
            technique["subtechnique"] = new JsonArray(new JsonObject { ["id"] = id, ["name"] = name, ["reference"] = reference });
        }

        return new JsonObject
        {
            ["framework"] = "MITRE ATT&CK",
            ["tactic"] = new JsonObject { ["id"] = attack.TacticId, ["name"] = attack.Tactic, ["reference"] = attack.TacticReference },
            ["technique"] = new JsonArray(technique),
        };
    }

    private static string Note(DetectionRule rule, ImmutableArray<string> differences) => $"## What to do next\n\n{Words(rule.Advice)}"
        + (differences.IsEmpty ? "" : $"\n\n## How this differs from SecurityAudit's own detection\n\n{string.Join('\n', differences.Select(difference => $"- {difference}"))}");

    /// <summary>What only a found attack can fill in is called by its name.</summary>
    private static string Words(string sentence) => sentence
        .Replace("{source}", "the address", StringComparison.Ordinal).Replace("{user}", "the account", StringComparison.Ordinal)
        .Replace("{target}", "the other account", StringComparison.Ordinal).Replace("{count}", "so many", StringComparison.Ordinal)
        .Replace("{distinct}", "so many", StringComparison.Ordinal).Replace("{duration}", "that time", StringComparison.Ordinal)
        .Replace("{message}", "the event says what", StringComparison.Ordinal);

    private static string Minutes(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m");
}
