namespace SecurityAudit.Detection.Engine;

/// <summary>What a condition found.</summary>
/// <param name="Count">How many events.</param>
/// <param name="Distinct">With how many different values.</param>
/// <param name="First">The first of them, in ticks of UTC, as it says.</param>
/// <param name="Last">The last of them.</param>
/// <param name="EventIds">Ids of events behind it, the last ones.</param>
internal sealed record Finding(long Count, int Distinct, long First, long Last, IReadOnlyList<Guid> EventIds)
{
    public const int MostEventIds = 20;

    /// <summary>One event is all there is to it.</summary>
    public static Finding Of(EventView e, long? since = null)
    {
        var at = e.Stamp;
        return new Finding(e.Weight, 1, since ?? at, at, e.Id == Guid.Empty ? [] : [e.Id]);
    }
}
