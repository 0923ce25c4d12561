using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecurityAudit.Detection.Rules;

/// <summary>A truth value, or its text: configuration knows texts alone.</summary>
internal sealed class TruthConverter : JsonConverter<bool>
{
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String when bool.TryParse(reader.GetString(), out var truth) => truth,
        _ => throw new JsonException("Found another value, expected true or false."),
    };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}
