using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecurityAudit.Detection;

/// <summary>An object or an array of objects; a value is a text or an array of texts.</summary>
internal sealed class EventPatternConverter : JsonConverter<EventPattern>
{
    private const string Expected = "expected an object of fields and values, event.action with [\"authn_login_fail\"] say, or an array of such objects";

    public override EventPattern Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return new EventPattern([ReadFields(ref reader)]);
        }

        Require(ref reader, JsonTokenType.StartArray);
        var alternatives = ImmutableArray.CreateBuilder<ImmutableSortedDictionary<string, ImmutableArray<string>>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Require(ref reader, JsonTokenType.StartObject);
            alternatives.Add(ReadFields(ref reader));
        }

        return new EventPattern(alternatives.ToImmutable());
    }

    public override void Write(Utf8JsonWriter writer, EventPattern value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var fields in value.Alternatives)
        {
            writer.WriteStartObject();
            foreach (var (field, values) in fields)
            {
                writer.WriteStartArray(field);
                foreach (var text in values)
                {
                    writer.WriteStringValue(text);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> ReadFields(ref Utf8JsonReader reader)
    {
        var fields = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString()!;
            reader.Read();
            fields[field] = ReadValues(ref reader);
        }

        return fields.ToImmutable();
    }

    private static ImmutableArray<string> ReadValues(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return [reader.GetString()!];
        }

        Require(ref reader, JsonTokenType.StartArray);
        var values = ImmutableArray.CreateBuilder<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Require(ref reader, JsonTokenType.String);
            values.Add(reader.GetString()!);
        }

        return values.ToImmutable();
    }

    private static void Require(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (reader.TokenType != type)
        {
            throw new JsonException($"Found {reader.TokenType}, {Expected}.");
        }
    }
}
