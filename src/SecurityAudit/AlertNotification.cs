using System.Collections.Immutable;
using SecurityAudit.Fields;

namespace SecurityAudit;

/// <summary>An alert as the journal has it. What a rule does not tell is null, or empty.</summary>
public sealed record AlertNotification
{
    /// <summary>One id an attack: its first word, its summaries and its end share it.</summary>
    public required string Id { get; init; }

    /// <summary>ECS <c>event.id</c> of this very line.</summary>
    public string? EventId { get; init; }

    /// <summary>ECS <c>rule.id</c>, <c>password_spraying</c> say.</summary>
    public required string RuleId { get; init; }

    /// <summary>ECS <c>rule.name</c>.</summary>
    public required string RuleName { get; init; }

    /// <summary>ECS <c>rule.description</c>.</summary>
    public string? RuleDescription { get; init; }

    /// <summary>Which word about the attack this is.</summary>
    public AlertStage Stage { get; init; }

    /// <summary>ECS <c>event.severity</c>.</summary>
    public EventSeverity Severity { get; init; } = EventSeverity.Low;

    /// <summary>ECS <c>event.risk_score</c>, 0 to 100.</summary>
    public double RiskScore { get; init; }

    /// <summary>How bad the attack is that this is about: its end is of low severity, and is told to whoever was told of it.</summary>
    internal EventSeverity Gravity => RiskScore <= (double)Severity ? Severity : RiskScore switch
    {
        >= (double)EventSeverity.Critical => EventSeverity.Critical,
        >= (double)EventSeverity.High => EventSeverity.High,
        _ => EventSeverity.Medium,
    };

    /// <summary>What happened, in a sentence for three in the morning.</summary>
    public required string Sentence { get; init; }

    /// <summary>What to do next.</summary>
    public string? Advice { get; init; }

    /// <summary>The query (KQL) that finds the events in Kibana.</summary>
    public string? Query { get; init; }

    /// <summary>The command that shows the events where the journal is.</summary>
    public string? Command { get; init; }

    /// <summary>The technique of MITRE ATT&amp;CK, as <c>T1110.003 Password Spraying</c>.</summary>
    public string? Technique { get; init; }

    /// <summary>When the first of the events happened.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>When the last of them happened.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>How many events.</summary>
    public long Attempts { get; init; }

    /// <summary>With how many different values, at least.</summary>
    public long Distinct { get; init; }

    /// <summary>The ids of events behind it.</summary>
    public ImmutableArray<string> EventIds { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What the events have in common.</summary>
    public string? Group { get; init; }

    /// <summary>Whom it is about, by ECS fields: <c>source.ip</c>, <c>user.name</c>, <c>session.id</c> and such.</summary>
    public ImmutableSortedDictionary<string, string> Subject { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>ECS <c>service.name</c>: the application.</summary>
    public string? ServiceName { get; init; }

    /// <summary>ECS <c>service.environment</c>.</summary>
    public string? ServiceEnvironment { get; init; }

    /// <summary>ECS <c>host.name</c>.</summary>
    public string? HostName { get; init; }

    /// <summary>The log that has it; null where it could not be recorded.</summary>
    public string? LogId { get; init; }

    /// <summary>The number of its line in that log; null where it could not be recorded.</summary>
    public long? Sequence { get; init; }

    /// <summary>ECS <c>@timestamp</c>.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>Which of the rule's conditions was met, from 1 on; 0 where the line does not say.</summary>
    internal int Condition { get; init; }

    internal string? SourceAddress => Subject.GetValueOrDefault(EventFields.SourceIp.Name);

    internal string? UserId => Subject.GetValueOrDefault(EventFields.User.Id.Name);

    internal string? UserName => Subject.GetValueOrDefault(EventFields.User.Name.Name);
}
