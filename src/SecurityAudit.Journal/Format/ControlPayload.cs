using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecurityAudit.Journal;

/// <summary>Writes the payloads of the journal's own lines, to be sealed like any other.</summary>
internal static class ControlPayload
{
    // Base64 and the em dash of a note stay legible: the lines are files, never markup.
    private static readonly JsonWriterOptions Legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The first line of a segment: all that is needed to verify the segment alone. The tree is the one before this line.
    /// </summary>
    public static byte[] Opened(DateTimeOffset at, MerkleTree before, VerifierKey key, LogAddress address, long process, TimeSpan checkpointInterval) =>
        Write(ControlAction.Opened, at, json =>
        {
            json.WriteNumber(JournalFields.Format.Name, JournalLineFormat.Version);
            json.WriteNumber(JournalFields.Size.Name, before.Size);
            json.WriteBase64String(JournalFields.Root.Name, before.Root());
            json.WriteStartArray(JournalFields.Frontier.Name);
            foreach (var hash in before.Frontier())
            {
                json.WriteBase64StringValue(hash);
            }

            json.WriteEndArray();
            json.WriteString(JournalFields.VerifierKey.Name, key.ToString());
            json.WriteString(JournalFields.Host.Name, address.Host);
            if (address.Device is not null)
            {
                json.WriteString(JournalFields.Device.Name, address.Device);
                json.WriteString(JournalFields.Inode.Name, address.Inode);
            }

            json.WriteNumber(JournalFields.Process.Name, process);
            json.WriteNumber(JournalFields.CheckpointInterval.Name, (long)checkpointInterval.TotalMilliseconds);
        });

    /// <summary>A checkpoint of lines that are durable already.</summary>
    public static byte[] Checkpoint(DateTimeOffset at, Checkpoint checkpoint) =>
        Write(ControlAction.Checkpoint, at, json => json.WriteString(JournalFields.Checkpoint.Name, checkpoint.Note));

    /// <summary>
    /// After a crash a tail of <paramref name="tornBytes"/> bytes was set aside in the quarantine, and the lines from one sequence number
    /// up to, without, another were adopted though no signature covers them.
    /// </summary>
    public static byte[] Recovered(DateTimeOffset at, long tornBytes, long adoptedFrom, long adoptedTo, string reason) =>
        Write(ControlAction.Recovered, at, json =>
        {
            json.WriteNumber(JournalFields.Size.Name, tornBytes);
            if (adoptedFrom < adoptedTo)
            {
                json.WriteNumber(JournalFields.From.Name, adoptedFrom);
                json.WriteNumber(JournalFields.To.Name, adoptedTo);
            }

            json.WriteString(JournalFields.Reason.Name, reason);
        });

    /// <summary>The log stands elsewhere than where its last segment was begun.</summary>
    public static byte[] Copied(DateTimeOffset at, string reason) =>
        Write(ControlAction.Copied, at, json => json.WriteString(JournalFields.Reason.Name, reason));

    /// <summary>This many lines could not be recorded between two moments.</summary>
    public static byte[] Gap(DateTimeOffset at, long dropped, DateTimeOffset from, DateTimeOffset to, string reason) =>
        Write(ControlAction.Gap, at, json =>
        {
            json.WriteNumber(JournalFields.Dropped.Name, dropped);
            json.WriteString(JournalFields.From.Name, from.UtcDateTime);
            json.WriteString(JournalFields.To.Name, to.UtcDateTime);
            json.WriteString(JournalFields.Reason.Name, reason);
        });

    /// <summary>The writer ends in order.</summary>
    public static byte[] Closed(DateTimeOffset at) => Write(ControlAction.Closed, at, static _ => { });

    /// <summary>The lines from one sequence up to, without, another were removed on purpose; the checkpoint covers them.</summary>
    public static byte[] Pruned(DateTimeOffset at, long from, long to, Checkpoint? anchored) =>
        Write(ControlAction.Pruned, at, json =>
        {
            json.WriteNumber(JournalFields.From.Name, from);
            json.WriteNumber(JournalFields.To.Name, to);
            if (anchored is not null)
            {
                json.WriteString(JournalFields.Checkpoint.Name, anchored.Note);
            }
        });

    /// <summary>
    /// Another key signs from here on; the endorsement is the old key's word for it (<see cref="KeyEndorsement"/>), if it was at hand.
    /// </summary>
    public static byte[] KeyChanged(DateTimeOffset at, VerifierKey next, string? endorsement) =>
        Write(ControlAction.KeyChanged, at, json =>
        {
            json.WriteString(JournalFields.VerifierKey.Name, next.ToString());
            if (endorsement is not null)
            {
                json.WriteString(JournalFields.Endorsement.Name, endorsement);
            }
        });

    private static byte[] Write(string action, DateTimeOffset at, Action<Utf8JsonWriter> data)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Legible))
        {
            json.WriteStartObject();
            json.WriteString(JournalFields.Action.Name, action); // first: see ControlLine
            json.WriteString(JournalFields.Timestamp.Name, at.UtcDateTime);
            json.WriteString(JournalFields.Kind.Name, "event");
            WriteOne(json, JournalFields.Category.Name, "configuration");
            WriteOne(json, JournalFields.Type.Name, "info");
            json.WriteString(JournalFields.Provider.Name, "security-audit");
            json.WriteString(JournalFields.EcsVersion.Name, "8.17.0");
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
