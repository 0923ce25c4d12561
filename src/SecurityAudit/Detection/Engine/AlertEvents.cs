using System.Collections.Immutable;
using System.Globalization;
using SecurityAudit.Fields;
using SecurityAudit.Sentences;

namespace SecurityAudit.Detection.Engine;

/// <summary>Alerts as events: the one that an attack is counted by, what became of it, and its end.</summary>
internal static class AlertEvents
{
    public static SecurityEvent Raised(Attack attack, Finding finding, EventQueries queries) =>
        About(attack, finding, AlertStage.Raised, queries) with
        {
            Action = attack.Watch.Rule.AlertAction,
            Kind = "alert",
            Message = Fill(attack.Watch.Rule.Alert, attack.Subject, finding),
        };

    public static SecurityEvent Summed(Attack attack, Finding since, EventQueries queries) =>
        About(attack, since, AlertStage.Summary, queries) with
        {
            Action = AlertActions.Summary,
            Message = $"{attack.Watch.Rule.Name} ({attack.Subject.Group}) goes on: {Events(since.Count)} more within {Duration(since)}.",
        };

    public static SecurityEvent Resolved(Attack attack, EventQueries queries)
    {
        var since = attack.Since ?? new Finding(0, 0, 0, 0, []);
        return About(attack, since, AlertStage.Resolved, queries) with
        {
            Action = AlertActions.Resolved,
            Severity = EventSeverity.Low,
            Message = $"{attack.Watch.Rule.Name} ({attack.Subject.Group}) is over: {Events(attack.Total)} after the alert.",
        };
    }

    private static SecurityEvent About(Attack attack, Finding finding, AlertStage stage, EventQueries queries)
    {
        var rule = attack.Watch.Rule;
        var (query, command) = queries.Of(attack, finding);
        var e = new SecurityEvent("alert", ["intrusion_detection", .. rule.Categories], ["info"])
        {
            Outcome = EventOutcome.Unknown,
            Severity = rule.Severity,
            User = Account(attack, EventFields.User),
            Target = Account(attack, EventFields.Target),
        }
        .With(AlertFields.RiskScore, (double)rule.Severity)
        .With(AlertFields.Start, Moment(finding.First))
        .With(AlertFields.End, Moment(finding.Last))
        .With(EventFields.RuleId, rule.Id)
        .With(EventFields.RuleName, rule.Name)
        .With(AlertFields.RuleDescription, rule.Description)
        .With(AlertFields.RuleReference, rule.Reference)
        .With(AlertFields.Id, attack.Id)
        .With(AlertFields.Stage, stage.ToString().ToLowerInvariant())
        .With(AlertFields.Condition, attack.Condition)
        .With(AlertFields.Group, attack.Subject.Group)
        .With(AlertFields.Attempts, finding.Count)
        .With(AlertFields.Distinct, finding.Distinct)
        .With(AlertFields.Events, [.. finding.EventIds.Select(id => id.ToString())])
        .With(AlertFields.Advice, Fill(rule.Advice, attack.Subject, finding))
        .With(AlertFields.Query, query)
        .With(AlertFields.Command, command);
        foreach (var (field, value) in attack.Subject.Fields.Where(field => !IsAccount(field.Key)))
        {
            e = e.With(field, value);
        }

        return rule.Technique is { } technique ? WithTechnique(e, technique) : e;
    }

    private static SecurityEvent WithTechnique(SecurityEvent e, AttackTechnique technique) => e
        .With(AlertFields.Framework, "MITRE ATT&CK")
        .With(AlertFields.TacticId, List(technique.TacticId))
        .With(AlertFields.TacticName, List(technique.Tactic))
        .With(AlertFields.TacticReference, List(technique.TacticReference))
        .With(AlertFields.TechniqueId, List(technique.Id))
        .With(AlertFields.TechniqueName, List(technique.Name))
        .With(AlertFields.TechniqueReference, List(technique.Reference))
        .With(AlertFields.SubTechniqueId, List(technique.SubtechniqueId))
        .With(AlertFields.SubTechniqueName, List(technique.Subtechnique))
        .With(AlertFields.SubTechniqueReference, List(technique.SubtechniqueReference));

    private static AuditUser? Account(Attack attack, AccountFields fields)
    {
        var (id, name) = (Value(attack, fields.Id.Name), Value(attack, fields.Name.Name));
        return id is null && name is null ? null : new AuditUser(id, name);
    }

    private static bool IsAccount(string field) =>
        field == EventFields.User.Id.Name || field == EventFields.User.Name.Name || field == EventFields.Target.Id.Name || field == EventFields.Target.Name.Name;

    private static string? Value(Attack attack, string field) => attack.Subject.Fields.FirstOrDefault(value => value.Key == field).Value;

    private static DateTimeOffset? Moment(long ticks) => ticks > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private static ImmutableArray<string>? List(string? value) => value is null ? null : [value];

    private static string Fill(string sentence, AlertSubject subject, Finding finding) => sentence
        .Replace("{count}", finding.Count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{distinct}", finding.Distinct.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{duration}", Duration(finding), StringComparison.Ordinal)
        .Replace("{source}", subject.Source, StringComparison.Ordinal)
        .Replace("{target}", Words.Value(subject.Target), StringComparison.Ordinal)
        .Replace("{user}", Name(subject.User), StringComparison.Ordinal)
        .Replace("{message}", subject.Message, StringComparison.Ordinal);

    private static string Name(string user) => user is SubjectReader.Nobody or SubjectReader.NobodyKnown ? user : Words.Value(user);

    private static string Events(long count) => count == 1 ? "1 event" : string.Create(CultureInfo.InvariantCulture, $"{count} events");

    private static string Duration(Finding finding) => TimeSpan.FromTicks(long.Max(0, finding.Last - finding.First)) switch
    {
        { TotalSeconds: < 2 } => "a second",
        { TotalMinutes: < 2 } span => $"{(int)span.TotalSeconds} seconds",
        { TotalHours: < 2 } span => $"{(int)span.TotalMinutes} minutes",
        { TotalDays: < 2 } span => $"{(int)span.TotalHours} hours",
        var span => $"{(int)span.TotalDays} days",
    };
}
