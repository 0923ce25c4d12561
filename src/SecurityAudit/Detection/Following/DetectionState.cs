using System.Text.Json.Serialization;
using SecurityAudit.Journal;

namespace SecurityAudit.Detection.Following;

/// <summary>What detection keeps of one log between two runs. What counts for hours is read from the journal again.</summary>
/// <remarks>The bookmark is the last line that the rules have judged; what they found up to it is on record.</remarks>
/// <param name="Seed">Of the hashes in the histories: whoever knows it could choose values that meet.</param>
/// <param name="Histories">What conditions remember for weeks, each under <c>rule.id#condition</c>.</param>
internal sealed record DetectionState(long Seed, IReadOnlyDictionary<string, IReadOnlyList<HistoryEntry>> Histories) : LogProgress
{
    /// <summary><c>detection/{journal.id}.state</c> in the journal's directory.</summary>
    public static ProgressFile<DetectionState> FileOf(string journalDirectory, string logId) => new(
        Path.Combine(journalDirectory, "detection"), logId, ".state", DetectionJson.Default.DetectionState, "what detection saved there.");
}

/// <summary>A value of a group, and when it was seen last, in ticks.</summary>
internal sealed record HistoryEntry(ulong Group, ulong Value, long At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DetectionState))]
internal sealed partial class DetectionJson : JsonSerializerContext;
