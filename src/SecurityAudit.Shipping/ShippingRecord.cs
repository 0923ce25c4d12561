using System.Text.Json.Serialization;
using SecurityAudit.Journal;

namespace SecurityAudit.Shipping;

/// <summary>How far a log has been shipped and how it goes: the bookmark file.</summary>
internal sealed record ShippingRecord : LogProgress
{
    /// <summary>What the bookmark holds for (<see cref="IShippingDestination.Target"/>).</summary>
    public required string Target { get; init; }

    /// <summary>The place in the destination that the last answer named.</summary>
    [JsonPropertyName("index")]
    public string? Place { get; init; }

    /// <summary>How many events behind the bookmark may have been under way when this was written.</summary>
    public int Window { get; init; }

    /// <summary>What the destination wants to find again (<see cref="IShippingDestination.Memo"/>).</summary>
    public string? Memo { get; init; }

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
}

/// <summary>How shipping goes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ShippingState>))]
internal enum ShippingState
{
    /// <summary>The last request was answered as it should be.</summary>
    Shipping,

    /// <summary>The destination is out of reach or overloaded; tried again soon.</summary>
    Waiting,

    /// <summary>The destination answers, but refuses (rights, names, settings); somebody has to look. Tried again slowly.</summary>
    Paused,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ShippingRecord))]
[JsonSerializable(typeof(DoubtfulRange))]
[JsonSerializable(typeof(SkippedRange))]
internal sealed partial class ShippingJson : JsonSerializerContext;
