using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Hosting;

/// <summary>
/// Puts the latest checkpoint into an index of its own, where the application's key can add documents and not change or delete them.
/// </summary>
/// <remarks>
/// A key that can only create cannot tell at start what was anchored last: then it says that nothing was, and the comparison is left to
/// <c>security-audit elasticsearch reconcile</c> with credentials that can read. With <c>read</c> on the index the journal itself finds a
/// rollback at start.
/// </remarks>
internal sealed class ElasticsearchAnchor(ElasticsearchConnection connection, IOptions<ElasticsearchOptions> options, TimeProvider time) : ICheckpointAnchor
{
    private readonly string _index = new IndexNames(options.Value.Namespace).Checkpoints;
    private readonly TimeSpan _interval = options.Value.AnchorInterval;
    private DateTimeOffset _published = DateTimeOffset.MinValue;

    public string Name => "Elasticsearch index " + _index;

    public async ValueTask<Checkpoint?> LatestAsync(string origin, CancellationToken cancellationToken)
    {
        var query = new JsonObject
        {
            ["query"] = new JsonObject { ["term"] = new JsonObject { ["origin"] = origin } },
            ["sort"] = new JsonArray(new JsonObject { ["size"] = "desc" }),
            ["size"] = 1,
        };
        var answer = await connection.SendAsync(HttpMethod.Post, _index + "/_search", JsonBody.Of(query), cancellationToken);
        if (answer.Status is 401 or 403 or 404)
        {
            return null;
        }

        if (!answer.IsSuccess)
        {
            throw new IOException($"{Name} cannot be asked for the latest checkpoint: {answer.Error}");
        }

        var note = (string?)JsonNode.Parse(answer.Body.Span)?["hits"]?["hits"]?.AsArray().FirstOrDefault()?["_source"]?["note"];
        return Checkpoint.TryParse(note, out var checkpoint) ? checkpoint : null;
    }

    /// <summary>Once in an interval is enough: the journal signs every second, and the next heartbeat brings the last one.</summary>
    public async ValueTask PublishAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - _published < _interval)
        {
            return;
        }

        var answer = await connection.SendAsync(HttpMethod.Put, $"{_index}/_create/{IdOf(checkpoint)}", Document(checkpoint, now), cancellationToken);
        if (!answer.IsSuccess && answer.Status != 409) // 409: this very checkpoint is anchored already
        {
            throw new IOException($"{Name} did not take the checkpoint of {checkpoint.Size} lines: {answer.Error}");
        }

        _published = now;
    }

    /// <summary>
    /// With the root in it: the checkpoint of a copy that went on elsewhere is another one, though it may have the same size.
    /// </summary>
    private static string IdOf(Checkpoint checkpoint) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{checkpoint.JournalId}-{checkpoint.Size:D20}-{Base64Url.EncodeToString(checkpoint.Root.Span).AsSpan(0, DocumentId.HashCharacters)}");

    private static byte[] Document(Checkpoint checkpoint, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString(JournalFields.Timestamp.Name, now.UtcDateTime);
            json.WriteString("origin", checkpoint.Origin);
            json.WriteNumber("size", checkpoint.Size);
            json.WriteString("root", Convert.ToBase64String(checkpoint.Root.Span));
            json.WriteString("note", checkpoint.Note);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
