using System.Collections.Immutable;
using System.Globalization;

namespace SecurityAudit.Detection;

/// <summary>What a rule found.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Group">The value that the events have in common.</param>
/// <param name="Subject">The same as it stands in the latest event: an address of the network, say.</param>
/// <param name="IsSummary">False for the first word of an attack, true for what became of it.</param>
/// <param name="Attempts">How many events.</param>
/// <param name="Distinct">With how many different values; as many as were remembered, so at least that many.</param>
/// <param name="First">The first event's time.</param>
/// <param name="Last">The last event's time.</param>
/// <param name="EventIds">The ids of events behind it, <see cref="MostEventIds"/> at most.</param>
internal sealed record Alert(
    DetectionRule Rule, string Group, string Subject, bool IsSummary, int Attempts, int Distinct,
    DateTimeOffset First, DateTimeOffset Last, ImmutableArray<string> EventIds)
{
    public const int MostEventIds = 20;

    /// <summary>The alert as an event of its own.</summary>
    public SecurityEvent ToEvent() =>
        new SecurityEvent("alert_" + Rule.Id, Rule.Categories, ["info"])
        {
            Kind = "alert",
            Outcome = EventOutcome.Unknown,
            Severity = Rule.Severity,
            Message = Sentence,
        }
        .With("event.risk_score", (double)Rule.Severity)
        .With("event.start", Utc(First))
        .With("event.end", Utc(Last))
        .With("rule.id", Rule.Id)
        .With("rule.name", Rule.Name)
        .With(Rule.GroupBy.Field, Subject)
        .With("threat.framework", "MITRE ATT&CK")
        .With("threat.tactic.id", List(Rule.Technique.TacticId))
        .With("threat.tactic.name", List(Rule.Technique.Tactic))
        .With("threat.technique.id", List(Rule.Technique.TechniqueId))
        .With("threat.technique.name", List(Rule.Technique.Technique))
        .With("threat.technique.reference", List(Rule.Technique.Reference))
        .With("threat.technique.subtechnique.id", List(Rule.Technique.SubId))
        .With("threat.technique.subtechnique.name", List(Rule.Technique.Sub))
        .With("threat.technique.subtechnique.reference", List(Rule.Technique.SubReference))
        .With("security_audit.alert.stage", IsSummary ? "summary" : "raised")
        .With("security_audit.alert.group", Group)
        .With("security_audit.alert.attempts", Attempts)
        .With("security_audit.alert.distinct", Distinct)
        .With("security_audit.alert.events", EventIds);

    private string Sentence => (IsSummary ? Rule.SummarySentence : Rule.Sentence)
        .Replace("{attempts}", Attempts.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{distinct}", Distinct.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{duration}", Duration(Last - First), StringComparison.Ordinal)
        .Replace("{group}", Group, StringComparison.Ordinal);

    private static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 2 } => "a second",
        { TotalMinutes: < 2 } => $"{(int)span.TotalSeconds} seconds",
        { TotalHours: < 2 } => $"{(int)span.TotalMinutes} minutes",
        _ => $"{(int)span.TotalHours} hours",
    };

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static ImmutableArray<string>? List(string? value) => value is null ? null : [value];
}
