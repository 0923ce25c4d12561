using System.Text.Json;
using SecurityAudit.Journal;
using SecurityAudit.Shipping;

namespace SecurityAudit.Tool.Elasticsearch;

/// <summary>How far one log of a journal has been shipped, as its files tell.</summary>
internal sealed record ShippedLog(
    JournalLog Log, ShippingRecord? Record, long Waiting, DateTimeOffset? Oldest, IReadOnlyList<DeadLetter> DeadLetters, IReadOnlyList<DoubtfulRange> Doubts,
    IReadOnlyList<SkippedRange> Skipped)
{
    /// <summary>Is there something for somebody to do?</summary>
    public bool NeedsAttention =>
        DeadLetters.Count > 0 || Doubts.Count > 0 || Skipped.Count > 0 || Record?.ForkedAt is not null || Record is { State: not ShippingState.Shipping }
            || (Record is null && Waiting > 0);

    /// <summary>Every log of the journal. Reads what is not shipped, to count it.</summary>
    public static IEnumerable<ShippedLog> In(string directory) => JournalDirectory.Logs(directory).Where(log => log.Id.Length > 0).Select(log => Read(directory, log));

    private static ShippedLog Read(string directory, JournalLog log)
    {
        var files = new ShippingFiles(directory, log.Id);
        var record = files.Load();
        using var reader = new JournalReader(log.Directory, record?.Bookmark);
        var waiting = 0L;
        DateTimeOffset? oldest = null;
        while (reader.TryRead(out var line))
        {
            if (waiting++ == 0)
            {
                oldest = JournalEvent.Of(line).Timestamp;
            }
        }

        return new ShippedLog(log, record, waiting, oldest, files.DeadLetters(), files.Doubts(), files.Skipped());
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Log.Id);
        json.WriteString("directory", Log.Directory);
        json.WriteString("state", Record?.State.ToString().ToLowerInvariant() ?? "not shipped");
        json.WriteNumber("next", Record?.Next ?? 0);
        json.WriteNumber("waiting", Waiting);
        if (Oldest is { } oldest)
        {
            json.WriteString("waitingSince", oldest);
        }

        json.WriteString("lastAnswer", Record?.LastAnswer);
        if (Record?.LastAnswer is not null)
        {
            json.WriteString("lastAnswerAt", Record.LastAnswerAt);
        }

        json.WriteStartArray("deadLetters");
        foreach (var letter in DeadLetters)
        {
            json.WriteStartObject();
            json.WriteNumber("sequence", letter.Sequence);
            json.WriteString("at", letter.At);
            json.WriteNumber("status", letter.Status);
            json.WriteString("reason", letter.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteRanges(json, "doubtful", Doubts.Select(doubt => (doubt.From, doubt.To)));
        WriteRanges(json, "skipped", Skipped.Select(range => (range.From, range.To)));
        if (Record?.ForkedAt is { } fork)
        {
            json.WriteNumber("forkedAt", fork);
        }

        json.WriteEndObject();
    }

    private static void WriteRanges(Utf8JsonWriter json, string name, IEnumerable<(long From, long To)> ranges)
    {
        json.WriteStartArray(name);
        foreach (var (from, to) in ranges)
        {
            json.WriteStartObject();
            json.WriteNumber("from", from);
            json.WriteNumber("to", to);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
