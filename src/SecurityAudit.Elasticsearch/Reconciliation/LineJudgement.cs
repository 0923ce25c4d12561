using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Reconciliation;

/// <summary>What the engine holds under one sequence number, measured by the journal's line.</summary>
/// <param name="Findings">What does not agree.</param>
/// <param name="IsOnce">Is the journal's own line stored exactly once, whole and unchanged?</param>
/// <param name="IsMissing">Can shipping it again bring it there?</param>
/// <param name="Doubles">The further documents of this very line: they say nothing that the first does not. A fork's line is never among
/// them.</param>
internal sealed record LineJudgement(IReadOnlyList<ReconcileFinding> Findings, bool IsOnce, bool IsMissing, IReadOnlyList<StoredEvent> Doubles)
{
    public static LineJudgement Of(string logId, BatchEntry entry, ReadOnlySpan<byte> line, IReadOnlyList<StoredEvent> found, SourceComparison comparison)
    {
        var id = DocumentId.Of(logId, entry.Sequence, entry.Bookmark.Hash);
        var oldId = DocumentId.WithoutHash(logId, entry.Sequence);
        var findings = new List<ReconcileFinding>();
        void Find(ReconcileFindingKind kind, string detail) => findings.Add(new(kind, logId, entry.Sequence, detail));

        foreach (var other in found.Where(item => item.Hash != entry.Bookmark.Hash))
        {
            var hash = other.Hash ?? "(none)";
            if (other.Id != id && other.Id != oldId && other.Hash is not null && other.Id == DocumentId.Of(logId, entry.Sequence, other.Hash))
            {
                Find(
                    ReconcileFindingKind.Fork,
                    $"another line is stored in {other.Index} with the hash {hash}, the journal's is {entry.Bookmark.Hash}: "
                    + "the log was copied and both copies went on");
            }
            else
            {
                Find(
                    ReconcileFindingKind.Changed,
                    $"stored in {other.Index} with the hash {hash}, the journal's is "
                    + $"{entry.Bookmark.Hash}{(other.Id == oldId ? " (or stored there by a copy of the log, when ids had no hash)" : "")}");
            }
        }

        // The whole line before an envelope of it, then the oldest.
        var own = found.Where(item => item.Hash == entry.Bookmark.Hash).OrderBy(item => item.IsEnvelope).ThenBy(item => item.Index, StringComparer.Ordinal).ToList();
        var isMissing = own.Count == 0 && !found.Any(item => item.Id == id); // under its own id only a changed one can stand in its way
        if (isMissing)
        {
            Find(ReconcileFindingKind.Missing, "not stored");
        }

        if (own.Count > 1)
        {
            Find(ReconcileFindingKind.Doubled, $"stored {own.Count} times, in {string.Join(", ", own.Select(item => item.Index).Distinct(StringComparer.Ordinal))}");
        }

        var isWhole = own.Count == 1;
        foreach (var item in own)
        {
            if (item.IsEnvelope)
            {
                Find(ReconcileFindingKind.Envelope, "the engine refused the event; its envelope is stored");
            }
            else if (item.Id != id && item.Id != oldId)
            {
                Find(ReconcileFindingKind.Changed, $"stored in {item.Index} under the id {item.Id}");
            }
            else if (item.Source is not null && !comparison.IsSame(line, item.Source))
            {
                Find(ReconcileFindingKind.Changed, $"stored in {item.Index} with the journal's hash, but other content");
            }
            else
            {
                continue;
            }

            isWhole = false;
        }

        return new LineJudgement(findings, isWhole, isMissing, [.. own.Skip(1)]);
    }
}
