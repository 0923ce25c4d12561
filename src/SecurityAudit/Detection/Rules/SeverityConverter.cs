using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecurityAudit.Detection.Rules;

/// <summary>By name, as Elastic writes it: <c>low</c>, <c>medium</c>, <c>high</c>, <c>critical</c>.</summary>
internal sealed class SeverityConverter : JsonConverter<EventSeverity>
{
    public override EventSeverity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Enum.TryParse<EventSeverity>(reader.GetString(), ignoreCase: true, out var severity) && Enum.IsDefined(severity)
            ? severity
            : throw new JsonException("Found another severity, expected low, medium, high or critical.");

    public override void Write(Utf8JsonWriter writer, EventSeverity value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));

    public static string Text(EventSeverity value) => value switch
    {
        EventSeverity.Low => "low",
        EventSeverity.Medium => "medium",
        EventSeverity.High => "high",
        _ => "critical",
    };
}
