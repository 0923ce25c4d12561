using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecurityAudit.Elasticsearch.Connection;

/// <summary>The bytes of JSON that was built by hand.</summary>
internal static class JsonBody
{
    public static ReadOnlyMemory<byte> Of(JsonNode json, JsonWriterOptions options = default)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            json.WriteTo(writer);
        }

        return buffer.WrittenMemory;
    }
}
