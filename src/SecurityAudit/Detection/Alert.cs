using System.Collections.Immutable;
using System.Globalization;
using SecurityAudit.Fields;

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
        .With(AlertFields.RiskScore, (double)Rule.Severity)
        .With(AlertFields.Start, First)
        .With(AlertFields.End, Last)
        .With(EventFields.RuleId, Rule.Id)
        .With(EventFields.RuleName, Rule.Name)
        .With(Rule.GroupBy.Field, Group == EventDimension.UnknownAddress ? null : Subject)
        .With(AlertFields.Framework, "MITRE ATT&CK")
        .With(AlertFields.TacticId, List(Rule.Technique.TacticId))
        .With(AlertFields.TacticName, List(Rule.Technique.Tactic))
        .With(AlertFields.TechniqueId, List(Rule.Technique.TechniqueId))
        .With(AlertFields.TechniqueName, List(Rule.Technique.Technique))
        .With(AlertFields.TechniqueReference, List(Rule.Technique.Reference))
        .With(AlertFields.SubTechniqueId, List(Rule.Technique.SubId))
        .With(AlertFields.SubTechniqueName, List(Rule.Technique.Sub))
        .With(AlertFields.SubTechniqueReference, List(Rule.Technique.SubReference))
        .With(AlertFields.Stage, IsSummary ? "summary" : "raised")
        .With(AlertFields.Group, Group)
        .With(AlertFields.Attempts, Attempts)
        .With(AlertFields.Distinct, Distinct)
        .With(AlertFields.Events, EventIds);

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

    private static ImmutableArray<string>? List(string? value) => value is null ? null : [value];
}
