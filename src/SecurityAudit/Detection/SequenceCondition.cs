using System.Collections.Immutable;

namespace SecurityAudit.Detection;

/// <summary>This, then that, then that, within a time from the first.</summary>
public sealed record SequenceCondition : RuleCondition
{
    /// <summary>The events in their order, 2 to 4 steps.</summary>
    public required ImmutableArray<SequenceStep> Steps { get; init; }

    /// <summary>From the first step to the last.</summary>
    public required TimeSpan Within { get; init; }

    internal override TimeSpan Memory => Within;
}
