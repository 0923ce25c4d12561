using System.Collections.Immutable;

namespace SecurityAudit.Detection;

/// <summary>A value that the group has not had within a time, though it had others.</summary>
public sealed record NewValueCondition : RuleCondition
{
    /// <summary>Which events tell values.</summary>
    public required EventPattern Events { get; init; }

    /// <summary>Whose values they are: <c>user.id</c>.</summary>
    public required ImmutableArray<string> GroupBy { get; init; }

    /// <summary>The field: <c>source.ip</c>.</summary>
    public required string Field { get; init; }

    /// <summary>How long a value is known.</summary>
    public required TimeSpan Within { get; init; }

    /// <summary>Kept in a file beside the journal: the journal may not reach back so far.</summary>
    internal override TimeSpan Memory => TimeSpan.Zero;
}
