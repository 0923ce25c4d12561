using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>Lines of one log, made as they are read.</summary>
internal sealed class MemoryLog(string id, long count, Func<long, string> payload)
{
    public string Id => id;

    public long Count { get; set; } = count;

    public long Next { get; set; }

    public byte[] Line(long sequence) => Some.Line(id, sequence, payload(sequence));

    /// <summary>The id under which a line is stored.</summary>
    public string IdOf(long sequence) => DocumentId.Of(id, sequence, Some.Hash(Line(sequence)));

    public bool Read(out JournalLine line)
    {
        line = default;
        if (Next >= Count)
        {
            return false;
        }

        line = new JournalLine(Line(Next), id, Next, "00000000000000000000.jsonl", Next, IsControl: payload(Next) == Some.Opened);
        Next++;
        return true;
    }
}
