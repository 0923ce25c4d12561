using System.Text.Json.Serialization;

namespace SecurityAudit.Shipping;

/// <summary>Lines of which it is not known for sure that each is stored once.</summary>
internal sealed record DoubtfulRange(
    long From,
    long To,
    [property: JsonPropertyName("indexBefore")] string? PlaceBefore,
    [property: JsonPropertyName("index")] string Place,
    DateTimeOffset At,
    Doubt Doubt = Doubt.StoredTwice)
{
    public override string ToString() => Doubt == Doubt.AnothersLine
        ? $"lines {From} to {To} met ids without a hash, as versions before gave them: they are stored, unless a copy of this log stored its own there"
        : $"lines {From} to {To} may be stored twice: they may have been stored in {PlaceBefore ?? "a place that is not known"} before they were answered for in {Place}";
}
