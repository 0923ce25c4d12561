using System.Buffers;
using System.Text;

namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>Builds the body: for each event the action <c>create</c> with its id, and the line as it stands in the journal.</summary>
internal sealed class BulkRequest(string journalId, BulkTarget target)
{
    private readonly ArrayBufferWriter<byte> _body = new(64 * 1024);

    public List<string> Ids { get; } = [];

    public ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    public string IdOf(BatchEntry entry) =>
        entry.HasOldId ? DocumentId.WithoutHash(journalId, entry.Sequence) : DocumentId.Of(journalId, entry.Sequence, entry.Bookmark.Hash);

    public void Build(Batch batch, IReadOnlyList<BatchEntry> entries)
    {
        _body.ResetWrittenCount();
        Ids.Clear();
        foreach (var entry in entries)
        {
            var line = batch.Line(entry);
            var id = IdOf(entry);
            Ids.Add(id);
            // Both names are made of letters, digits, dots, dashes and underscores: there is nothing to escape.
            var action = target.IndexOf(line) is { } index ? $"{{\"create\":{{\"_index\":\"{index}\",\"_id\":\"{id}\"}}}}\n" : $"{{\"create\":{{\"_id\":\"{id}\"}}}}\n";
            Encoding.ASCII.GetBytes(action, _body);
            _body.Write(entry.Envelope is null ? line : entry.Envelope);
            _body.Write("\n"u8);
        }
    }
}
