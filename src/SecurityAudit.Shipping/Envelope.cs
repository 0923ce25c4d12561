using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SecurityAudit.Journal;

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
            json.WriteString(EventFields.JournalId, logId);
            json.WriteNumber(EventFields.Sequence, entry.Sequence);
            json.WriteString(EventFields.Timestamp, (LineFields.Timestamp(line) ?? now).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString(EventFields.Action, Short(LineFields.Text(line, "event.action"u8)) ?? "unknown");
            json.WriteString(EventFields.Kind, "pipeline_error");
            json.WriteString(EventFields.Provider, "security-audit");
            json.WriteString(EventFields.Message, "The engine refused this event; the journal holds it whole.");
            json.WriteString("error.message", Short(reason));
            json.WriteBoolean("security_audit.shipping.envelope", true);
            json.WriteString(EventFields.Hash, entry.Bookmark.Hash);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string? Short(string? text) => text is null || text.Length <= 500 ? text : text[..500] + "…";
}
