using System.Buffers;
using System.Text;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Bulk;

/// <summary>Builds the body: for each line the action <c>create</c> with its id, and the line as it stands in the journal.</summary>
internal sealed class BulkRequest(BulkTarget target)
{
    private readonly ArrayBufferWriter<byte> _body = new(64 * 1024);

    public ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    public void Build(BatchPart part, IReadOnlyList<string> ids)
    {
        _body.ResetWrittenCount();
        for (var i = 0; i < ids.Count; i++)
        {
            var entry = part.Entries[i];
            // Both names are made of letters, digits, dots, dashes and underscores: there is nothing to escape.
            var action = target.IndexOf(part.Line(entry)) is { } index
                ? $"{{\"create\":{{\"_index\":\"{index}\",\"_id\":\"{ids[i]}\"}}}}\n"
                : $"{{\"create\":{{\"_id\":\"{ids[i]}\"}}}}\n";
            Encoding.ASCII.GetBytes(action, _body);
            _body.Write(part.Document(entry));
            _body.Write("\n"u8);
        }
    }
}
