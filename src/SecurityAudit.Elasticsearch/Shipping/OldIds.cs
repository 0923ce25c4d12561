namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>Sees to it that what a version without hashes in its ids stored is not stored a second time under the id of today.</summary>
/// <remarks>
/// The bookmark knows where the old ids end: what lies behind it and may have been under way goes under the old id. Where the bookmark is lost, a
/// key that may read finds them; with one that may only create nobody can know, which is said.
/// </remarks>
internal sealed class OldIds(string journalId, StoredHashes stored, string search, ShippingRecord? saved)
{
    private bool _looks = saved is null;

    /// <summary>The last sequence number that may have been sent under an old id; -1: none.</summary>
    public long Until { get; } = saved is null ? -1 : saved.OldIdsUntil ?? saved.Next + saved.Window - 1;

    public void Mark(IEnumerable<BatchEntry> entries)
    {
        foreach (var entry in entries.TakeWhile(entry => entry.Sequence <= Until))
            entry.HasOldId = true;
    }

    /// <summary>Without a bookmark: those of the next events that are stored under old ids, and those whose old id holds another line. What was stored so
    /// is the beginning of a log, so the first batch with none of it ends the looking.</summary>
    public async Task<(IReadOnlyList<BatchEntry> Stored, IReadOnlyList<Fork> Forks)> LookAsync(IReadOnlyList<BatchEntry> entries, CancellationToken ct)
    {
        if (!_looks || entries.Count == 0)
            return ([], []);
        var hashes = await HashesAsync(entries, ct).ConfigureAwait(false);
        _looks = hashes is { Count: > 0 };
        if (hashes is null)
            return ([], []);
        return ([.. entries.Where(entry => hashes.GetValueOrDefault(IdOf(entry)) == entry.Bookmark.Hash)], [.. entries.Select(entry => ForkOf(entry, hashes)).OfType<Fork>()]);
    }

    /// <summary>Of events whose old id was taken: those of which nobody can say by what, and the forks, which are to be sent again under ids of their own.</summary>
    public async Task<(IReadOnlyList<BatchEntry> Unproven, IReadOnlyList<(BatchEntry Entry, Fork Fork)> Forks)> JudgeAsync(IReadOnlyList<BatchEntry> taken, CancellationToken ct)
    {
        var hashes = await HashesAsync(taken, ct).ConfigureAwait(false) ?? [];
        var unproven = taken.Where(entry => !hashes.ContainsKey(IdOf(entry))).ToList();
        var forks = new List<(BatchEntry, Fork)>();
        foreach (var entry in taken)
        {
            if (ForkOf(entry, hashes) is { } fork)
                forks.Add((entry, fork));
        }

        return (unproven, forks);
    }

    private Task<Dictionary<string, string>?> HashesAsync(IReadOnlyList<BatchEntry> entries, CancellationToken ct) =>
        stored.FindAsync(search, [.. entries.Select(IdOf)], ct);

    private string IdOf(BatchEntry entry) => DocumentId.WithoutHash(journalId, entry.Sequence);

    private Fork? ForkOf(BatchEntry entry, Dictionary<string, string> hashes) =>
        hashes.TryGetValue(IdOf(entry), out var hash) && hash != entry.Bookmark.Hash ? new Fork(journalId, entry.Sequence, [hash, entry.Bookmark.Hash]) : null;
}
