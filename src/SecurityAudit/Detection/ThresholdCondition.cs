using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace SecurityAudit.Detection;

/// <summary>So many events, of so many different values, within a time, that have the group's fields in common.</summary>
public sealed record ThresholdCondition : RuleCondition
{
    /// <summary>A threshold with the defaults.</summary>
    public ThresholdCondition()
    {
    }

    [JsonConstructor]
    internal ThresholdCondition(int count = 1) => Count = count;

    /// <summary>Which events count.</summary>
    public required EventPattern Events { get; init; }

    /// <summary>
    /// The fields that the events of one attack have in common; none: all events are of one group. An IPv6 address counts as its network of
    /// 64 bits; events without an address are of one group.
    /// </summary>
    public ImmutableArray<string> GroupBy { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>So many events at least, 1 to 256. What an event says was left out beside it (<c>security_audit.repeated</c>) counts.</summary>
    public int Count { get; init; } = 1;

    /// <summary>In what the events must differ; null: they need not.</summary>
    public DistinctCondition? Distinct { get; init; }

    /// <summary>Within this time, by the order of the journal and a clock that nobody sets.</summary>
    public required TimeSpan Within { get; init; }

    /// <summary>
    /// An event like this, in the same group and with the same value of <see cref="Distinct"/>, takes back what was counted: whoever signs
    /// in in the end mistyped before.
    /// </summary>
    public EventPattern? TakenBackBy { get; init; }

    internal override TimeSpan Memory => Within;
}
