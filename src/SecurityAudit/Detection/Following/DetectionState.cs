using System.Text.Json.Serialization;
using SecurityAudit.Journal;

namespace SecurityAudit.Detection.Following;

/// <summary>What detection keeps of one log between two runs. What counts for hours is read from the journal again.</summary>
/// <param name="Bookmark">The last line that the rules have judged; what they found up to it is on record.</param>
/// <param name="Seed">Of the hashes in the histories: whoever knows it could choose values that meet.</param>
/// <param name="Histories">What conditions remember for weeks, each under <c>rule.id#condition</c>.</param>
internal sealed record DetectionState(JournalBookmark? Bookmark, long Seed, IReadOnlyDictionary<string, IReadOnlyList<HistoryEntry>> Histories);

/// <summary>A value of a group, and when it was seen last, in ticks.</summary>
internal sealed record HistoryEntry(ulong Group, ulong Value, long At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DetectionState))]
internal sealed partial class DetectionJson : JsonSerializerContext;
