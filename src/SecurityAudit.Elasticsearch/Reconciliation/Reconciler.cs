using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Journal;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Reconciliation;

/// <summary>Proves per log that every sequence number is stored once, with the journal's hash, and lists where that is not so.</summary>
/// <remarks>
/// It needs credentials that may read; repairing needs more. Nothing is recomputed from what the engine gives back: it is compared with the
/// journal.
/// </remarks>
internal sealed class Reconciler(ElasticsearchConnection connection, ElasticsearchOptions options, BulkTarget target, ReconcileOptions reconcile)
{
    private const int Page = 1000;

    public async Task<ReconcileReport> RunAsync(string journalDirectory, JournalLog log, Action<long>? progress = null, CancellationToken cancellationToken = default)
    {
        await Succeed(await connection.SendAsync(HttpMethod.Post, target.Search + "/_refresh", cancellationToken: cancellationToken), allowForbidden: true);
        var findings = new List<ReconcileFinding>();
        var comparison = new SourceComparison(reconcile.AddedFields);
        var missing = new List<long>();
        var doubles = new List<StoredEvent>();
        long events = 0, once = 0, next = 0;
        using var reader = new JournalReader(log.Directory);
        var batch = new Batch();
        while (Fill(batch, reader))
        {
            var stored = await StoredAsync(log.Id, batch.Entries[0].Sequence, batch.Last!.Sequence, cancellationToken);
            foreach (var entry in batch.Entries)
            {
                var found = stored.GetValueOrDefault(entry.Sequence) ?? [];
                var judgement = LineJudgement.Of(log.Id, entry, batch.Line(entry), found, comparison);
                findings.AddRange(judgement.Findings);
                once += judgement.IsOnce ? 1 : 0;
                if (judgement.IsMissing)
                {
                    missing.Add(entry.Sequence);
                }

                doubles.AddRange(judgement.Doubles);
            }

            events += batch.Entries.Count;
            next = batch.Last.Sequence + 1;
            progress?.Invoke(events);
        }

        findings.AddRange(await BeyondAsync(log.Id, next, cancellationToken));
        var repaired = (reconcile.ShipMissing ? await ShipAsync(journalDirectory, log, missing, cancellationToken) : 0)
            + (reconcile.RemoveDoubled ? await RemoveAsync(doubles, cancellationToken) : 0);
        if (findings.TrueForAll(finding => finding.Kind is not (ReconcileFindingKind.Doubled or ReconcileFindingKind.Missing)))
        {
            new ShippingFiles(journalDirectory, log.Id).ForgetDoubts();
        }

        return new ReconcileReport(log.Id, events, once, reader.Skipped, repaired, findings);
    }

    private bool Fill(Batch batch, JournalReader reader)
    {
        batch.Clear();
        while (batch.Entries.Count < Page && batch.Bytes + Batch.LongestLine < options.BatchBytes && reader.TryRead(out var line))
        {
            batch.Add(line.Sequence, line.Utf8.Span, line.Bookmark);
        }

        return batch.Entries.Count > 0;
    }

    private async Task<Dictionary<long, List<StoredEvent>>> StoredAsync(string id, long from, long to, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<long, List<StoredEvent>>();
        var ranges = new Stack<(long From, long To)>([(from, to)]);
        while (ranges.TryPop(out var range))
        {
            // Twice a page: doubles are found whole; what is stored more often still is asked for in halves.
            var answer = await connection.SendAsync(
                HttpMethod.Post, target.Search + "/_search?ignore_unavailable=true", Query(id, range.From, range.To, 2 * Page), cancellationToken);
            await Succeed(answer);
            using var json = answer.Json();
            var hits = json.RootElement.GetProperty("hits");
            if (hits.GetProperty("total").GetProperty("value").GetInt64() > 2 * Page && range.From < range.To)
            {
                var middle = range.From + ((range.To - range.From) / 2);
                ranges.Push((range.From, middle));
                ranges.Push((middle + 1, range.To));
                continue;
            }

            foreach (var item in hits.GetProperty("hits").EnumerateArray().Select(Read))
            {
                if (!stored.TryGetValue(item.Sequence, out var list))
                {
                    stored[item.Sequence] = list = [];
                }

                list.Add(item);
            }
        }

        return stored;
    }

    private ReadOnlyMemory<byte> Query(string id, long from, long to, int size) => JsonBody.Of(new JsonObject
    {
        ["query"] = new JsonObject
        {
            ["bool"] = new JsonObject
            {
                ["filter"] = new JsonArray(
                    new JsonObject { ["term"] = new JsonObject { [JournalFields.LogId.Name] = id } },
                    new JsonObject { ["range"] = new JsonObject { [JournalFields.Sequence.Name] = new JsonObject { ["gte"] = from, ["lte"] = to } } }),
            },
        },
        ["size"] = size,
        ["track_total_hits"] = true,
        ["_source"] = !reconcile.HashesOnly,
        ["docvalue_fields"] = new JsonArray(JournalFields.Hash.Name, JournalFields.Sequence.Name, JournalFields.Envelope.Name),
    });

    private StoredEvent Read(JsonElement hit)
    {
        var fields = hit.GetProperty("fields");
        var source = reconcile.HashesOnly ? null : System.Text.Encoding.UTF8.GetBytes(hit.GetProperty("_source").GetRawText());
        return new StoredEvent(
            hit.GetProperty("_index").GetString()!,
            hit.GetProperty("_id").GetString()!,
            fields.GetProperty(JournalFields.Sequence.Name)[0].GetInt64(),
            fields.TryGetProperty(JournalFields.Hash.Name, out var hash) ? hash[0].GetString() : null,
            fields.TryGetProperty(JournalFields.Envelope.Name, out var envelope) && envelope[0].GetBoolean(),
            source);
    }

    /// <summary>What the engine knows of this log that the journal does not have any more.</summary>
    private async Task<List<ReconcileFinding>> BeyondAsync(string id, long next, CancellationToken cancellationToken)
    {
        var findings = new List<ReconcileFinding>();
        var answer = await connection.SendAsync(HttpMethod.Post, target.Search + "/_search?ignore_unavailable=true", Query(id, next, long.MaxValue, 100), cancellationToken);
        await Succeed(answer);
        using (var json = answer.Json())
        {
            foreach (var item in json.RootElement.GetProperty("hits").GetProperty("hits").EnumerateArray().Select(Read).OrderBy(item => item.Sequence))
            {
                findings.Add(new(
                    ReconcileFindingKind.BeyondTheEnd, id, item.Sequence,
                    $"stored in {item.Index}; the journal ends at {next - 1}: it was cut or rolled back, or a copy of it went on"));
            }
        }

        var checkpoints = await connection.SendAsync(HttpMethod.Post, new IndexNames(options.Namespace).Checkpoints + "/_search?ignore_unavailable=true", JsonBody.Of(new JsonObject
        {
            ["query"] = new JsonObject
            {
                ["bool"] = new JsonObject
                {
                    ["filter"] = new JsonArray(
                        new JsonObject { ["wildcard"] = new JsonObject { ["origin"] = "*/" + id } },
                        new JsonObject { ["range"] = new JsonObject { ["size"] = new JsonObject { ["gt"] = next } } }),
                },
            },
            ["sort"] = new JsonArray(new JsonObject { ["size"] = "desc" }),
            ["size"] = 1,
        }), cancellationToken);
        if (checkpoints.IsSuccess && JsonNode.Parse(checkpoints.Body.Span)?["hits"]?["hits"]?.AsArray() is [{ } newest, ..])
        {
            var size = (long)newest["_source"]!["size"]!;
            findings.Add(new(
                ReconcileFindingKind.CheckpointBeyondTheEnd, id, size,
                string.Create(CultureInfo.InvariantCulture, $"a checkpoint of {size} lines is anchored; the journal has {next}")));
        }

        return findings;
    }

    private async Task<long> ShipAsync(string journalDirectory, JournalLog log, List<long> missing, CancellationToken cancellationToken)
    {
        if (missing.Count == 0)
        {
            return 0;
        }

        var files = new ShippingFiles(journalDirectory, log.Id, isRepair: true);
        files.ForgetBookmark();
        var shipper = new LogShippers(connection, options, target).Of(files);
        using var reader = new JournalReader(log.Directory);
        var wanted = missing.ToHashSet();
        await shipper.ToEndAsync(ReadWanted, null, cancellationToken);

        files.ForgetBookmark();
        return missing.Count;

        bool ReadWanted(out JournalLine line)
        {
            while (reader.TryRead(out line))
            {
                if (wanted.Contains(line.Sequence))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private async Task<long> RemoveAsync(List<StoredEvent> doubles, CancellationToken cancellationToken)
    {
        foreach (var item in doubles)
        {
            await Succeed(await connection.SendAsync(HttpMethod.Delete, $"{item.Index}/_doc/{item.Id}", cancellationToken: cancellationToken));
        }

        return doubles.Count;
    }

    private Task Succeed(Response answer, bool allowForbidden = false) => answer.IsSuccess || (allowForbidden && answer.Status is 403 or 404)
        ? Task.CompletedTask
        : throw new IOException(
            $"{connection.Node} answers {answer.Error} when asked about {target.Search}. "
            + "Reconciling needs credentials that may read it, and templates made by 'security-audit elasticsearch setup'.");

    
}
