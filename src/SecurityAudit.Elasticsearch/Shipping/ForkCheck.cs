namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>An id that is taken by another event means that this log was copied and went on twice. Only a key that may read can tell.</summary>
internal sealed class ForkCheck(string journalId, StoredHashes stored)
{
    /// <summary>Of the events that were there already, those that are not the journal's, with what is to be said.</summary>
    public async Task<IReadOnlyList<(BatchEntry Entry, string Message)>> FindAsync(string index, IReadOnlyCollection<BatchEntry> existing, CancellationToken ct)
    {
        var forks = new List<(BatchEntry, string)>();
        var found = await stored.FindAsync(index, [.. existing.Select(entry => BulkRequest.Id(journalId, entry.Sequence))], ct).ConfigureAwait(false);
        if (found is null)
            return forks;
        foreach (var entry in existing)
        {
            var id = BulkRequest.Id(journalId, entry.Sequence);
            if (found.TryGetValue(id, out var hash) && hash != entry.Bookmark.Hash)
                forks.Add((entry, $"Another event is stored as {id}: hash {hash}, the journal's is {entry.Bookmark.Hash}. This log is a copy of one that went on elsewhere (a restored volume or virtual machine?)."));
        }

        return forks;
    }
}
