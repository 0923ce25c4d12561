using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace SecurityAudit.Journal;

/// <summary>
/// A line that the journal writes about itself, as read: what the verifier and the recovery need of it. It is known by its payload's first
/// member, so that finding one costs a comparison; the writer refuses that beginning to everybody else.
/// </summary>
internal sealed record ControlLine
{
    /// <summary>How the member that makes a line a control line begins; it stands first in the payload.</summary>
    private static ReadOnlySpan<byte> Marker => "\"event.action\":\"journal."u8;

    public required string Action { get; init; }

    public long? Format { get; init; }

    public long? Size { get; init; }

    public byte[]? Root { get; init; }

    public IReadOnlyList<byte[]>? Frontier { get; init; }

    public string? Checkpoint { get; init; }

    public string? VerifierKey { get; init; }

    public string? Endorsement { get; init; }

    public long? Dropped { get; init; }

    /// <summary>The first line that the statement speaks of.</summary>
    public long? From { get; init; }

    /// <summary>Behind the last line that the statement speaks of.</summary>
    public long? To { get; init; }

    public long? CheckpointIntervalMilliseconds { get; init; }

    /// <summary>Where the log stood when the line was written.</summary>
    public LogAddress? Address { get; init; }

    /// <summary>Is this line, whose payload begins there, a control line?</summary>
    public static bool IsOne(ReadOnlySpan<byte> line, int payloadStart) => line[(payloadStart + 1)..].StartsWith(Marker);

    /// <summary>Would this payload make a control line?</summary>
    public static bool IsReserved(ReadOnlySpan<byte> payload) => payload.Length > 1 && payload[1..].StartsWith(Marker);

    /// <summary>Reads the line; false when it is not a JSON object or a field has another type than it must have.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out ControlLine? control)
    {
        control = null;
        var reader = new Utf8JsonReader(line);
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.BytesConsumed != line.Length)
            {
                return false;
            }

            var root = document.RootElement;
            control = new ControlLine
            {
                Action = root.GetProperty(JournalFields.Action.Name).GetString()!,
                Format = Number(root, JournalFields.Format.Name),
                Size = Number(root, JournalFields.Size.Name),
                Root = root.TryGetProperty(JournalFields.Root.Name, out var hash) ? hash.GetBytesFromBase64() : null,
                Frontier = root.TryGetProperty(JournalFields.Frontier.Name, out var frontier)
                    ? [.. frontier.EnumerateArray().Select(h => h.GetBytesFromBase64())]
                    : null,
                Checkpoint = Text(root, JournalFields.Checkpoint.Name),
                VerifierKey = Text(root, JournalFields.VerifierKey.Name),
                Endorsement = Text(root, JournalFields.Endorsement.Name),
                Dropped = Number(root, JournalFields.Dropped.Name),
                From = Sequence(root, JournalFields.From.Name),
                To = Sequence(root, JournalFields.To.Name),
                CheckpointIntervalMilliseconds = Number(root, JournalFields.CheckpointInterval.Name),
                Address = Text(root, JournalFields.Host.Name) is { } host
                    ? new LogAddress(host, Text(root, JournalFields.Device.Name), Text(root, JournalFields.Inode.Name))
                    : null,
            };
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            // Not a control line of this format: the caller says where.
            return false;
        }
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>A sequence number; a gap has moments under the same names.</summary>
    private static long? Sequence(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    private static long? Number(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetInt64() : null;
}
