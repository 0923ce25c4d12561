using System.Text.Json.Serialization;

namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>Events of which it is not known for sure that each is stored once; <c>reconcile</c> tells.</summary>
internal sealed record DoubtfulRange(long From, long To, string? IndexBefore, string Index, DateTimeOffset At, Doubt Doubt = Doubt.StoredTwice)
{
    public override string ToString() => Doubt == Doubt.AnothersLine
        ? $"lines {From} to {To} met ids without a hash, as versions before gave them: they are stored, unless a copy of this log stored its own there"
        : $"lines {From} to {To} may be stored twice";
}

[JsonConverter(typeof(JsonStringEnumConverter<Doubt>))]
internal enum Doubt
{
    /// <summary>The data stream rolled over between a try without an answer and the one that was answered.</summary>
    StoredTwice,

    /// <summary>An id without a hash was taken, and the key may not read by what.</summary>
    AnothersLine,
}
