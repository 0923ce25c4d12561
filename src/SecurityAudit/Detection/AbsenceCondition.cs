using System.Collections.Immutable;

namespace SecurityAudit.Detection;

/// <summary>Again, after a long time without: the group's last such event is older than this, and is known.</summary>
public sealed record AbsenceCondition : RuleCondition
{
    /// <summary>Which events.</summary>
    public required EventPattern Events { get; init; }

    /// <summary>Whose: <c>user.id</c>.</summary>
    public required ImmutableArray<string> GroupBy { get; init; }

    /// <summary>For how long there was none.</summary>
    public required TimeSpan LongerThan { get; init; }

    /// <summary>Kept in a file beside the journal: the journal may not reach back so far.</summary>
    internal override TimeSpan Memory => TimeSpan.Zero;
}
