using System.Collections.Immutable;
using System.Text.Json.Serialization;
using SecurityAudit.Journal;

namespace SecurityAudit.Alerts;

/// <summary>How far the alerts of one log are delivered on one channel.</summary>
internal sealed record DeliveryRecord : LogProgress
{
    /// <summary>So many deliveries are remembered one by one.</summary>
    public const int MostRecent = 100;

    private const string Extension = ".delivered";

    public required string Channel { get; init; }

    /// <summary>Alerts from before are not for this channel, where the log had them when the channel came.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How many lines the log had then.</summary>
    public required long Size { get; init; }

    /// <summary>Alerts below it are not for this channel.</summary>
    public EventSeverity MinimumSeverity { get; init; } = EventSeverity.Low;

    public long Delivered { get; init; }

    /// <summary>Alerts that the channel never took.</summary>
    public long GivenUp { get; init; }

    /// <summary>What went last, the oldest first.</summary>
    public ImmutableArray<DeliveredRange> Recent { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public string? Problem { get; init; }

    /// <summary>Since when the channel has taken nothing; null while it takes what it is given.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>
    /// <c>alerts/{journal.id}.{channel}.delivered</c> in the journal's directory. The journal stays the truth: what is lost here is delivered
    /// again, as far as it is of the last day.
    /// </summary>
    public static ProgressFile<DeliveryRecord> FileOf(string journalDirectory, string logId, string channel) =>
        At(Folder(journalDirectory), logId, $".{channel}{Extension}");

    /// <summary>The records of a log, one a channel.</summary>
    public static IReadOnlyList<DeliveryRecord> Of(string journalDirectory, string logId) => !Directory.Exists(Folder(journalDirectory))
        ? []
        : [.. Directory.EnumerateFiles(Folder(journalDirectory), $"{logId}.*{Extension}").Order(StringComparer.Ordinal)
            .Select(path => At(Folder(journalDirectory), logId, Path.GetFileName(path)[logId.Length..]).Load()).OfType<DeliveryRecord>()];

    /// <summary>What became of an alert on this channel, as far as it is remembered.</summary>
    public DeliveryState StateOf(AlertNotification alert)
    {
        var sequence = alert.Sequence ?? 0;
        if (Recent.FirstOrDefault(range => range.From <= sequence && sequence <= range.To) is { } range)
        {
            return range.Result switch
            {
                DeliveryResult.Digest => DeliveryState.Digest,
                DeliveryResult.GivenUp => DeliveryState.GivenUp,
                _ => DeliveryState.Delivered,
            };
        }

        return alert.Gravity < MinimumSeverity ? DeliveryState.NotWanted
            : sequence < Size && alert.Timestamp < Since ? DeliveryState.Older
            : sequence >= Next ? DeliveryState.Waiting
            : DeliveryState.Delivered;
    }

    public DeliveryRecord With(DeliveredRange range) => this with
    {
        Recent = [.. Recent.Skip(Math.Max(0, Recent.Length - MostRecent + 1)), range],
        Problem = null,
        FailingSince = range.Result == DeliveryResult.GivenUp ? FailingSince : null,
    };

    private static string Folder(string journalDirectory) => Path.Combine(journalDirectory, "alerts");

    private static ProgressFile<DeliveryRecord> At(string folder, string logId, string suffix) => new(
        folder, logId, suffix, DeliveryJson.Default.DeliveryRecord, "how far alerts are delivered. Delete it: the alerts of the last day are then delivered again.");
}

/// <summary>The alerts among these lines went out together, or were given up.</summary>
/// <param name="From">The first line.</param>
/// <param name="To">The last line.</param>
/// <param name="At">When.</param>
/// <param name="Result">What became of them.</param>
internal sealed record DeliveredRange(long From, long To, DateTimeOffset At, DeliveryResult Result);

[JsonConverter(typeof(JsonStringEnumConverter<DeliveryResult>))]
internal enum DeliveryResult
{
    Delivered,
    Digest,
    GivenUp,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(DeliveryRecord))]
internal sealed partial class DeliveryJson : JsonSerializerContext;
