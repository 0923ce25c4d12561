using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace SecurityAudit.Shipping;

/// <summary>What is stored in place of an event that the destination refuses: its identity, time, name and hash, and why. The event itself is in the
/// journal and among the dead letters.</summary>
internal static class Envelope
{
    public static byte[] Of(string logId, BatchEntry entry, ReadOnlySpan<byte> line, string reason, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("journal.id", logId);
            json.WriteNumber("event.sequence", entry.Sequence);
            json.WriteString("@timestamp", (LineFields.Timestamp(line) ?? now).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("event.action", Short(LineFields.Text(line, "event.action"u8)) ?? "unknown");
            json.WriteString("event.kind", "pipeline_error");
            json.WriteString("event.provider", "security-audit");
            json.WriteString("message", "The engine refused this event; the journal holds it whole.");
            json.WriteString("error.message", Short(reason));
            json.WriteBoolean("security_audit.shipping.envelope", true);
            json.WriteString("event.hash", entry.Bookmark.Hash);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string? Short(string? text) => text is null || text.Length <= 500 ? text : text[..500] + "…";
}
