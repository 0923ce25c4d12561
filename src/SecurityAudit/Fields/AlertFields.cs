using System.Collections.Immutable;
using SecurityAudit.Journal;

namespace SecurityAudit.Fields;

/// <summary>The fields that detection writes, beside those of every event.</summary>
internal static class AlertFields
{
    private const string Alerts = "alerts";
    private const string EachAbout = "alerts, their summaries and their ends";
    private const string SubTechniques = "alerts about a sub-technique";

    private static readonly FieldList List = new(DeliveryFields.All);

    /// <summary>Those of the journal, those of every event, those of coverage and of delivery, and these.</summary>
    public static FieldList All => List;

    public static Field<double> RiskScore { get; } = List.Ecs<double>("event.risk_score", "The severity of the rule.", Alerts);

    public static Field<DateTimeOffset> Start { get; } = List.Ecs<DateTimeOffset>("event.start", "When the first of the events happened.", Alerts);

    public static Field<DateTimeOffset> End { get; } = List.Ecs<DateTimeOffset>("event.end", "When the last of them happened.", Alerts);

    public static Field<string> Framework { get; } = List.Ecs<string>("threat.framework", "`MITRE ATT&CK`.", Alerts);

    public static Field<ImmutableArray<string>> TacticId { get; } = List.Ecs<ImmutableArray<string>>("threat.tactic.id", "The tactic's id.", Alerts);

    public static Field<ImmutableArray<string>> TacticName { get; } = List.Ecs<ImmutableArray<string>>("threat.tactic.name", "The tactic's name.", Alerts);

    public static Field<ImmutableArray<string>> TechniqueId { get; } = List.Ecs<ImmutableArray<string>>("threat.technique.id", "The technique's id.", Alerts);

    public static Field<ImmutableArray<string>> TechniqueName { get; } = List.Ecs<ImmutableArray<string>>("threat.technique.name", "The technique's name.", Alerts);

    public static Field<ImmutableArray<string>> TechniqueReference { get; } =
        List.Ecs<ImmutableArray<string>>("threat.technique.reference", "Where it is described.", Alerts);

    public static Field<ImmutableArray<string>> SubTechniqueId { get; } =
        List.Ecs<ImmutableArray<string>>("threat.technique.subtechnique.id", "The sub-technique's id.", SubTechniques);

    public static Field<ImmutableArray<string>> SubTechniqueName { get; } =
        List.Ecs<ImmutableArray<string>>("threat.technique.subtechnique.name", "The sub-technique's name.", SubTechniques);

    public static Field<ImmutableArray<string>> SubTechniqueReference { get; } =
        List.Ecs<ImmutableArray<string>>("threat.technique.subtechnique.reference", "Where it is described.", SubTechniques);

    public static Field<string> RuleDescription { get; } =
        List.Ecs<string>("rule.description", "What the rule finds, and why that is no accident.", Alerts);

    public static Field<string> RuleReference { get; } =
        List.Ecs<string>("rule.reference", "The owner's page about what to do.", "alerts of a rule that names one");

    public static Field<ImmutableArray<string>> TacticReference { get; } =
        List.Ecs<ImmutableArray<string>>("threat.tactic.reference", "Where it is described.", Alerts);

    public static Field<string> Id { get; } =
        List.Own<string>(
            "security_audit.alert.id", "The attack: the same in the alert, its summaries, its end, and what was done about it.", EachAbout + ", events about responses");

    public static Field<string> Stage { get; } =
        List.Own<string>("security_audit.alert.stage", "`raised` the first time; `summary` of what went on since; `resolved` when it is over.", EachAbout);

    public static Field<int> Condition { get; } =
        List.Own<int>("security_audit.alert.condition", "Which of the rule's conditions was met, from 1 on.", EachAbout);

    public static Field<string> Advice { get; } = List.Own<string>("security_audit.alert.advice", "What to do next.", EachAbout, FieldType.Text);

    public static Field<string> Query { get; } =
        List.Own<string>("security_audit.alert.query", "The events behind it, as a query for Kibana (KQL).", EachAbout, isIndexed: false);

    public static Field<string> Command { get; } =
        List.Own<string>("security_audit.alert.command", "The events behind it, as a command of the tool.", EachAbout, isIndexed: false);

    public static Field<string> Group { get; } =
        List.Own<string>("security_audit.alert.group", "What the events have in common, the address or network say.", Alerts);

    public static Field<long> Attempts { get; } = List.Own<long>("security_audit.alert.attempts", "How many events.", Alerts);

    public static Field<int> Distinct { get; } = List.Own<int>("security_audit.alert.distinct", "With how many different values, at least.", Alerts);

    public static Field<ImmutableArray<string>> Events { get; } =
        List.Own<ImmutableArray<string>>("security_audit.alert.events", "The ids of events behind it, 20 at most.", Alerts);

    public static Field<long> Unwatched { get; } =
        List.Own<long>("security_audit.detection.dropped", "How many events detection did not look at.", "`audit_gap` of detection");
}
