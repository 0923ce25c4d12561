using System.Text.Json;
using SecurityAudit.Journal;

namespace SecurityAudit.Shipping;

/// <summary>Looks up single fields of a line without building anything.</summary>
internal static class LineFields
{
    public static DateTimeOffset? Timestamp(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        try
        {
            return Find(ref reader, JournalFields.Timestamp.Encoded.EncodedUtf8Bytes) && reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var at) ? at : null;
        }
        catch (JsonException)
        {
            return null; // the engine will say what is wrong with it
        }
    }

    public static string? Text(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(line);
        try
        {
            return Find(ref reader, name) && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null; // not JSON, or a lone surrogate
        }
    }

    private static bool Find(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found)
                return true;
            reader.Skip();
        }

        return false;
    }
}
