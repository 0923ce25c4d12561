using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace SecurityAudit.Detection;

/// <summary>
/// A rule is data: which events, seen how, are an attack, how bad that is, and what to do next. Immutable; the built-in ones are files of
/// the same form as the owner's own.
/// </summary>
public sealed record DetectionRule
{
    /// <summary>A rule with the defaults.</summary>
    public DetectionRule()
    {
    }

    // Of what a file leaves out the serializer takes the default of a parameter, and not that of a property.
    [JsonConstructor]
    internal DetectionRule(bool enabled = true, EventSeverity severity = EventSeverity.High) => (Enabled, Severity) = (enabled, severity);

    /// <summary>ECS <c>rule.id</c>: lower-case letters, digits and underscores, 64 at most. The alert's action is <c>alert_</c> and this.</summary>
    public required string Id { get; init; }

    /// <summary>ECS <c>rule.name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>ECS <c>rule.description</c>: what it finds and why that is no accident, in a sentence or two.</summary>
    public required string Description { get; init; }

    /// <summary>False switches the rule off, which is an event itself: <c>sys_monitor_disabled</c>. Default: true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>True: what it finds stands in the application's log and nowhere else. Default: false.</summary>
    public bool DryRun { get; init; }

    /// <summary>How bad it is. Default: high.</summary>
    public EventSeverity Severity { get; init; } = EventSeverity.High;

    /// <summary>ECS <c>event.category</c> of the alert beside <c>intrusion_detection</c>. Default: none.</summary>
    public ImmutableArray<string> Categories { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What MITRE ATT&amp;CK calls it; null where it has no name for it.</summary>
    public AttackTechnique? Technique { get; init; }

    /// <summary>What is an attack: any of these, 8 at most.</summary>
    public required ImmutableArray<RuleCondition> When { get; init; }

    /// <summary>Whose events the rule leaves alone. Default: nobody's.</summary>
    public RuleExceptions Exceptions { get; init => field = value ?? new(); } = new();

    /// <summary>
    /// The alert in one sentence, for whoever is woken by it. <c>{source}</c>, <c>{user}</c>, <c>{target}</c>, <c>{count}</c>,
    /// <c>{distinct}</c>, <c>{duration}</c> and <c>{message}</c> (the last event's own sentence) are filled in.
    /// </summary>
    public required string Alert { get; init; }

    /// <summary>What to do next, in a sentence or two, with the same parts.</summary>
    public required string Advice { get; init; }

    /// <summary>ECS <c>rule.reference</c>: the owner's page about what to do; null for none.</summary>
    public string? Reference { get; init; }

    /// <summary>While an attack goes on, what it did since is told each time this has passed. Default: one hour; one minute at least.</summary>
    public TimeSpan SummaryInterval { get; init => field = value == default ? TimeSpan.FromHours(1) : value; } = TimeSpan.FromHours(1);

    /// <summary>The <c>event.action</c> of its alerts.</summary>
    internal string AlertAction => AlertActions.Of(Id);

    /// <summary>How far back the rule looks, so from where on its state is built again at a start.</summary>
    internal TimeSpan Longest => When.IsDefaultOrEmpty ? TimeSpan.Zero : When.Max(condition => condition.Memory);
}
