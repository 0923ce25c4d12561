using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecurityAudit.Journal;

/// <summary>Writes the payloads of the journal's own lines, to be sealed like any other.</summary>
internal static class ControlPayload
{
    // Base64 and the em dash of a note stay legible: the lines are files, never markup.
    private static readonly JsonWriterOptions Legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The first line of a segment: all that is needed to verify the segment alone. The tree is the one before this line.</summary>
    public static byte[] Opened(DateTimeOffset at, MerkleTree before, VerifierKey key, LogAddress address, long process, TimeSpan checkpointInterval) =>
        Write(ControlAction.Opened, at, json =>
        {
            json.WriteNumber(ControlFields.Format, JournalLineFormat.Version);
            json.WriteNumber(ControlFields.Size, before.Size);
            json.WriteBase64String(ControlFields.Root, before.Root());
            json.WriteStartArray(ControlFields.Frontier);
            foreach (var hash in before.Frontier())
                json.WriteBase64StringValue(hash);
            json.WriteEndArray();
            json.WriteString(ControlFields.VerifierKey, key.ToString());
            json.WriteString(ControlFields.Host, address.Host);
            if (address.Device is not null)
            {
                json.WriteString(ControlFields.Device, address.Device);
                json.WriteString(ControlFields.Inode, address.Inode);
            }

            json.WriteNumber(ControlFields.Process, process);
            json.WriteNumber(ControlFields.CheckpointInterval, (long)checkpointInterval.TotalMilliseconds);
        });

    /// <summary>A checkpoint of lines that are durable already.</summary>
    public static byte[] Checkpoint(DateTimeOffset at, Checkpoint checkpoint) =>
        Write(ControlAction.Checkpoint, at, json => json.WriteString(ControlFields.Checkpoint, checkpoint.Note));

    /// <summary>
    /// After a crash a tail of <paramref name="tornBytes"/> bytes was set aside in the quarantine, and the lines from one sequence number up to,
    /// without, another were adopted though no signature covers them.
    /// </summary>
    public static byte[] Recovered(DateTimeOffset at, long tornBytes, long adoptedFrom, long adoptedTo, string reason) =>
        Write(ControlAction.Recovered, at, json =>
        {
            json.WriteNumber(ControlFields.Size, tornBytes);
            if (adoptedFrom < adoptedTo)
            {
                json.WriteNumber(ControlFields.From, adoptedFrom);
                json.WriteNumber(ControlFields.To, adoptedTo);
            }

            json.WriteString(ControlFields.Reason, reason);
        });

    /// <summary>The log stands elsewhere than where its last segment was begun.</summary>
    public static byte[] Copied(DateTimeOffset at, string reason) =>
        Write(ControlAction.Copied, at, json => json.WriteString(ControlFields.Reason, reason));

    /// <summary>This many lines could not be recorded between two moments.</summary>
    public static byte[] Gap(DateTimeOffset at, long dropped, DateTimeOffset from, DateTimeOffset to, string reason) =>
        Write(ControlAction.Gap, at, json =>
        {
            json.WriteNumber(ControlFields.Dropped, dropped);
            json.WriteString(ControlFields.From, from.UtcDateTime);
            json.WriteString(ControlFields.To, to.UtcDateTime);
            json.WriteString(ControlFields.Reason, reason);
        });

    /// <summary>The writer ends in order.</summary>
    public static byte[] Closed(DateTimeOffset at) => Write(ControlAction.Closed, at, static _ => { });

    /// <summary>The lines from one sequence up to, without, another were removed on purpose; the checkpoint covers them.</summary>
    public static byte[] Pruned(DateTimeOffset at, long from, long to, Checkpoint? anchored) =>
        Write(ControlAction.Pruned, at, json =>
        {
            json.WriteNumber(ControlFields.From, from);
            json.WriteNumber(ControlFields.To, to);
            if (anchored is not null)
                json.WriteString(ControlFields.Checkpoint, anchored.Note);
        });

    /// <summary>Another key signs from here on; the endorsement is the old key's word for it (<see cref="KeyEndorsement"/>), if it was at hand.</summary>
    public static byte[] KeyChanged(DateTimeOffset at, VerifierKey next, string? endorsement) =>
        Write(ControlAction.KeyChanged, at, json =>
        {
            json.WriteString(ControlFields.VerifierKey, next.ToString());
            if (endorsement is not null)
                json.WriteString(ControlFields.Endorsement, endorsement);
        });

    private static byte[] Write(string action, DateTimeOffset at, Action<Utf8JsonWriter> data)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Legible))
        {
            json.WriteStartObject();
            json.WriteString(EventFields.Action, action); // first: see ControlLine
            json.WriteString(EventFields.Timestamp, at.UtcDateTime);
            json.WriteString(EventFields.Kind, "event");
            WriteOne(json, EventFields.Category, "configuration");
            WriteOne(json, EventFields.Type, "info");
            json.WriteString(EventFields.Provider, "security-audit");
            json.WriteString(EventFields.EcsVersion, "8.17.0");
            data(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteOne(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartArray(name);
        json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
