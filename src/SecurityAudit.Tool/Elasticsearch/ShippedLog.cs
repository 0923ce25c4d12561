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
    public static IEnumerable<ShippedLog> In(string directory) => JournalDirectory.Named(directory).Select(log => Read(directory, log));

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

        json.WriteObjects("deadLetters", DeadLetters, letter =>
        {
            json.WriteNumber("sequence", letter.Sequence);
            json.WriteString("at", letter.At);
            json.WriteNumber("status", letter.Status);
            json.WriteString("reason", letter.Reason);
        });
        json.WriteObjects("doubtful", Doubts.Select(doubt => (doubt.From, doubt.To)), Range);
        json.WriteObjects("skipped", Skipped.Select(range => (range.From, range.To)), Range);
        if (Record?.ForkedAt is { } fork)
        {
            json.WriteNumber("forkedAt", fork);
        }

        void Range((long From, long To) range)
        {
            json.WriteNumber("from", range.From);
            json.WriteNumber("to", range.To);
        }
    }
}
