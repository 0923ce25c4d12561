using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SecurityAudit.Journal;

namespace SecurityAudit.Shipping;

/// <summary>What is stored in place of an event that the destination refuses: its identity, time, name and hash, and why. The event itself
/// is in the journal and among the dead letters.</summary>
internal static class Envelope
{
    public static byte[] Of(string logId, BatchEntry entry, ReadOnlySpan<byte> line, string reason, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString(JournalFields.LogId.Name, logId);
            json.WriteNumber(JournalFields.Sequence.Name, entry.Sequence);
            json.WriteString(
                JournalFields.Timestamp.Name,
                (LineFields.Timestamp(line) ?? now).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString(JournalFields.Action.Name, Short(LineFields.Text(line, JournalFields.Action.Encoded.EncodedUtf8Bytes)) ?? "unknown");
            json.WriteString(JournalFields.Kind.Name, "pipeline_error");
            json.WriteString(JournalFields.Provider.Name, "security-audit");
            json.WriteString(JournalFields.Message.Name, "The engine refused this event; the journal holds it whole.");
            json.WriteString(JournalFields.ErrorMessage.Name, Short(reason));
            json.WriteBoolean(JournalFields.Envelope.Name, true);
            json.WriteString(JournalFields.Hash.Name, entry.Bookmark.Hash);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string? Short(string? text) => text is null || text.Length <= 500 ? text : text[..500] + "…";
}
