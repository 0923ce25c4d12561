using System.Globalization;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Bulk;

/// <summary>
/// Gives each line its id, and sees to it that what a version without hashes in its ids stored is not stored a second time under the id of
/// today.
/// </summary>
/// <remarks>
/// The bookmark knows where the old ids end: what lies behind it and may have been under way goes under the old id. Where the bookmark is
/// lost, a key that may read finds them; with one that may only create nobody can know, which is said.
/// </remarks>
internal sealed class OldIds(string logId, StoredHashes stored, string search, ShippingRecord? saved)
{
    private readonly HashSet<long> _takenByACopy = [];
    private readonly long _until = Until(saved);
    private bool _looks = saved is null;

    /// <summary>The last sequence number that may have been sent under an old id, for the bookmark; -1: none.</summary>
    public string Memo => _until.ToString(CultureInfo.InvariantCulture);

    public bool IsOld(BatchEntry entry) => entry.Sequence <= _until && !_takenByACopy.Contains(entry.Sequence);

    public string IdOf(BatchEntry entry) =>
        IsOld(entry) ? DocumentId.WithoutHash(logId, entry.Sequence) : DocumentId.Of(logId, entry.Sequence, entry.Bookmark.Hash);

    /// <summary>Without a bookmark: those of the next lines that are stored under old ids, and those whose old id holds another line. What
    /// was stored so is the beginning of a log, so the first lines of which none is end the looking.</summary>
    public async Task<(IReadOnlySet<BatchEntry> Stored, IReadOnlyList<Fork> Forks)> LookAsync(IReadOnlyList<BatchEntry> entries, CancellationToken cancellationToken)
    {
        if (!_looks || entries.Count == 0)
        {
            return (new HashSet<BatchEntry>(), []);
        }

        var hashes = await HashesAsync(entries, cancellationToken);
        _looks = hashes is { Count: > 0 };
        return hashes is null
            ? (new HashSet<BatchEntry>(), [])
            : (
                entries.Where(entry => hashes.GetValueOrDefault(OldIdOf(entry)) == entry.Bookmark.Hash).ToHashSet(),
                [.. entries.Select(entry => ForkOf(entry, hashes)).OfType<Fork>()]);
    }

    /// <summary>
    /// Of lines whose old id was taken: those of which nobody can say by what, and those whose id a copy took, which go under their own
    /// from now on.
    /// </summary>
    public async Task<(IReadOnlyList<BatchEntry> Unproven, IReadOnlyList<(BatchEntry Entry, Fork Fork)> Forked)> JudgeAsync(
        IReadOnlyList<BatchEntry> taken, CancellationToken cancellationToken)
    {
        var hashes = await HashesAsync(taken, cancellationToken) ?? [];
        var forked = new List<(BatchEntry, Fork)>();
        foreach (var entry in taken)
        {
            if (ForkOf(entry, hashes) is { } fork)
            {
                _takenByACopy.Add(entry.Sequence);
                forked.Add((entry, fork));
            }
        }

        return ([.. taken.Where(entry => !hashes.ContainsKey(OldIdOf(entry)))], forked);
    }

    private static long Until(ShippingRecord? saved) =>
        saved is null ? -1
        : long.TryParse(saved.Memo, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var until) ? until
        : saved.Next + saved.Window - 1;

    private Task<Dictionary<string, string>?> HashesAsync(IReadOnlyList<BatchEntry> entries, CancellationToken cancellationToken) =>
        stored.FindAsync(search, [.. entries.Select(OldIdOf)], cancellationToken);

    private string OldIdOf(BatchEntry entry) => DocumentId.WithoutHash(logId, entry.Sequence);

    private Fork? ForkOf(BatchEntry entry, Dictionary<string, string> hashes) =>
        hashes.TryGetValue(OldIdOf(entry), out var hash) && hash != entry.Bookmark.Hash ? new Fork(logId, entry.Sequence, [hash, entry.Bookmark.Hash]) : null;
}
