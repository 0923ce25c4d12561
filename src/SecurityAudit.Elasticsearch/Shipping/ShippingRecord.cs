using System.Text.Json.Serialization;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>How far a log has been shipped and how it goes: the bookmark file.</summary>
internal sealed record ShippingRecord
{
    /// <summary>The data stream, or the pattern of the indices.</summary>
    public required string Target { get; init; }

    /// <summary>The line that was settled last; null: none yet.</summary>
    public JournalBookmark? Bookmark { get; init; }

    /// <summary>The backing index that the last answer named.</summary>
    public string? Index { get; init; }

    /// <summary>How many events behind the bookmark may have been under way when this was written.</summary>
    public int Window { get; init; }

    /// <summary>The last sequence number that a version without hashes in its ids may have sent; -1: none. Null: such a version wrote this.</summary>
    public long? OldIdsUntil { get; init; }

    /// <summary>The first sequence number under which another line was seen; null: none was, as far as the key lets it see.</summary>
    public long? ForkedAt { get; init; }

    public long Stored { get; init; }

    public long DeadLetters { get; init; }

    public long Doubtful { get; init; }

    /// <summary>Lines that the journal did not have any more.</summary>
    public long Skipped { get; init; }

    public ShippingState State { get; init; }

    public string? LastAnswer { get; init; }

    public DateTimeOffset LastAnswerAt { get; init; }

    /// <summary>The first sequence number that is not settled.</summary>
    [JsonIgnore]
    public long Next => (Bookmark?.Sequence ?? -1) + 1;
}

/// <summary>How shipping goes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ShippingState>))]
internal enum ShippingState
{
    /// <summary>The last request was answered as it should be.</summary>
    Shipping,

    /// <summary>The engine is out of reach or overloaded; tried again soon.</summary>
    Waiting,

    /// <summary>The engine answers, but refuses (rights, names, settings); somebody has to look. Tried again slowly.</summary>
    Paused,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ShippingRecord))]
[JsonSerializable(typeof(DoubtfulRange))]
[JsonSerializable(typeof(SkippedRange))]
internal sealed partial class ShippingJson : JsonSerializerContext;
