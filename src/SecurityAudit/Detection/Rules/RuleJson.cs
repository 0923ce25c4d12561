using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecurityAudit.Detection.Rules;

/// <summary>Rules as JSON. A member that is not of a rule, or stands twice, is refused; numbers and truth values may be texts, as configuration has them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    AllowOutOfOrderMetadataProperties = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    Converters = [typeof(SeverityConverter), typeof(TruthConverter)])]
[JsonSerializable(typeof(DetectionRule))]
internal sealed partial class RuleJson : JsonSerializerContext;
