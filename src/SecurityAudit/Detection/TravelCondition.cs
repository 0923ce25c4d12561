using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace SecurityAudit.Detection;

/// <summary>
/// In two places so soon after one another that nobody travels so fast. Only where the application gives an <see cref="ILocationResolver"/>.
/// </summary>
public sealed record TravelCondition : RuleCondition
{
    /// <summary>Travel with the defaults.</summary>
    public TravelCondition()
    {
    }

    [JsonConstructor]
    internal TravelCondition(double kilometresPerHour = 900, double atLeastKilometres = 500) =>
        (KilometresPerHour, AtLeastKilometres) = (kilometresPerHour, atLeastKilometres);

    /// <summary>Which events, each with a <c>source.ip</c>.</summary>
    public required EventPattern Events { get; init; }

    /// <summary>Who travels: <c>user.id</c>.</summary>
    public required ImmutableArray<string> GroupBy { get; init; }

    /// <summary>Nobody is faster, in kilometres an hour. Default: 900, an airliner.</summary>
    public double KilometresPerHour { get; init; } = 900;

    /// <summary>Shorter distances say nothing, in kilometres: locations of addresses are not exact. Default: 500.</summary>
    public double AtLeastKilometres { get; init; } = 500;

    /// <summary>Kept in a file beside the journal: the journal may not reach back so far.</summary>
    internal override TimeSpan Memory => TimeSpan.Zero;
}
