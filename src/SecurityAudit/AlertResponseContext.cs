using System.Collections.Immutable;

namespace SecurityAudit;

/// <summary>An alert as the journal has it, for whoever does something about it. What the rule does not tell is null, or empty.</summary>
public sealed record AlertResponseContext
{
    /// <summary>One id an attack: <c>security_audit.alert.id</c>.</summary>
    public required string AlertId { get; init; }

    /// <summary>ECS <c>rule.id</c>, <c>password_spraying</c> say.</summary>
    public required string RuleId { get; init; }

    /// <summary>ECS <c>rule.name</c>.</summary>
    public string? RuleName { get; init; }

    /// <summary>ECS <c>event.severity</c>.</summary>
    public EventSeverity Severity { get; init; } = EventSeverity.Low;

    /// <summary>What happened, in a sentence.</summary>
    public string? Sentence { get; init; }

    /// <summary>ECS <c>source.ip</c>: the address that the alert is about, or that of its one event.</summary>
    public string? SourceAddress { get; init; }

    /// <summary>ECS <c>user.id</c>: the account that acted, or was tried.</summary>
    public string? UserId { get; init; }

    /// <summary>ECS <c>user.name</c>.</summary>
    public string? UserName { get; init; }

    /// <summary><c>session.id</c>: the keyed hash of the session's id.</summary>
    public string? SessionId { get; init; }

    /// <summary>The ids of events behind it, 20 at most.</summary>
    public ImmutableArray<string> EventIds { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>ECS <c>@timestamp</c>: when it was raised.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>Which of the rule's conditions was met, from 1 on.</summary>
    internal int Condition { get; init; }

    /// <summary>An attack that was told goes on.</summary>
    internal bool IsSummary { get; init; }
}
