using System.Collections.Immutable;

namespace SecurityAudit.Detection;

/// <summary>One step of a <see cref="SequenceCondition"/>.</summary>
public sealed record SequenceStep
{
    /// <summary>Which events are this step.</summary>
    public required EventPattern Events { get; init; }

    /// <summary>
    /// Fields of this step and the fields of the step before that they equal, each with its name: <c>user.id</c> with <c>user.target.id</c>. The
    /// first step has none.
    /// </summary>
    public ImmutableSortedDictionary<string, string> Same { get; init => field = value ?? None; } = None;

    private static ImmutableSortedDictionary<string, string> None => ImmutableSortedDictionary<string, string>.Empty;
}
