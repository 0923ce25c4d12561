using SecurityAudit.Journal;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Bulk;

/// <summary>
/// Where the key may read: looks whether another line stands where a segment of this log begins, as a copy of the log leaves it.
/// </summary>
internal sealed class OpeningWatch(string logId, ForkSearch search)
{
    private const int MostOpenings = 100;

    private readonly List<long> _openings = [];
    private bool _mayLook = true;

    /// <summary>The forks at those of the lines that begin a segment and are stored now.</summary>
    public async Task<IReadOnlyList<Fork>> LookAsync(BatchPart part, IReadOnlyDictionary<BatchEntry, LineOutcome> answered, CancellationToken cancellationToken)
    {
        foreach (var (entry, outcome) in answered)
        {
            if (outcome.Verdict is LineVerdict.Stored or LineVerdict.AlreadyThere && entry.IsControl
                && LineFields.Text(part.Line(entry), JournalFields.Action.Encoded.EncodedUtf8Bytes) == ControlAction.Opened)
            {
                _openings.Add(entry.Sequence);
            }
        }

        if (_openings.Count == 0 || !_mayLook)
        {
            return [];
        }

        try
        {
            var forks = await search.FindAsync(logId, _openings, cancellationToken);
            _mayLook = forks is not null;
            _openings.Clear();
            return forks ?? [];
        }
        catch (IOException)
        {
            _openings.RemoveRange(0, Math.Max(0, _openings.Count - MostOpenings)); // asked again behind the next batch
            return [];
        }
    }
}
