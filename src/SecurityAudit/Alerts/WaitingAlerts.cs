using SecurityAudit.Journal;

namespace SecurityAudit.Alerts;

/// <summary>
/// What was read and is not delivered: each by itself up to a number, beyond it all together as a digest. Not safe for several threads.
/// </summary>
internal sealed class WaitingAlerts(int digestAbove)
{
    private readonly Queue<(AlertNotification Alert, JournalBookmark? Bookmark)> _alone = new();
    private DigestBuilder? _digest;

    public long Count => _digest?.Total ?? _alone.Count;

    /// <summary>The time of the newest that would go next.</summary>
    public DateTimeOffset NewestOfNext => _digest?.To ?? _alone.Peek().Alert.Timestamp;

    public IEnumerable<string> IdsOfNext => _digest?.Ids ?? [_alone.Peek().Alert.Id];

    /// <summary>The first line of what would go next; null where it is of no journal.</summary>
    public long? FirstOfNext => _digest is { } digest ? digest.First?.Sequence : _alone.Peek().Alert.Sequence;

    public void Add(AlertNotification alert, JournalBookmark? bookmark)
    {
        if (_digest is null && _alone.Count < digestAbove)
        {
            _alone.Enqueue((alert, bookmark));
            return;
        }

        if (_digest is null)
        {
            _digest = new DigestBuilder();
            while (_alone.TryDequeue(out var waiting))
            {
                _digest.Add(waiting.Alert, waiting.Bookmark);
            }
        }

        _digest.Add(alert, bookmark);
    }

    public AlertDelivery Next() => _digest?.Delivery() ?? new AlertDelivery { Id = DigestBuilder.KeyOf(_alone.Peek().Alert), Alert = _alone.Peek().Alert };

    /// <summary>What <see cref="Next"/> gave is done with: how many alerts that were, and the line behind which they lie.</summary>
    public (long Count, JournalBookmark? Bookmark) Settle()
    {
        if (_digest is { } digest)
        {
            _digest = null;
            return (digest.Total, digest.End);
        }

        return (1, _alone.Dequeue().Bookmark);
    }

    public void Clear()
    {
        _alone.Clear();
        _digest = null;
    }
}
