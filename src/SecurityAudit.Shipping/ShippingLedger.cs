using SecurityAudit.Journal;

namespace SecurityAudit.Shipping;

/// <summary>What is known of a log's shipping, and when it is written down. Before lines are sent that no saved record covers, one is
/// saved: after a crash it is known what may have been sent.</summary>
internal sealed class ShippingLedger
{
    /// <summary>
    /// So many batches may be sent on one save: writing it durably takes as long as a destination needs for some of the lines.
    /// </summary>
    private const int BatchesAhead = 8;

    private static readonly TimeSpan SaveProgressEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SaveTroubleEvery = TimeSpan.FromSeconds(5);

    private readonly ShippingFiles _files;
    private readonly TimeProvider _time;
    private readonly int _ahead;
    private readonly long _suspectUntil;
    private readonly string? _placeAtStart;
    private ShippingRecord _record;
    private DateTimeOffset _savedAt;
    private long _savedUntil;
    private bool _isUnsaved;

    public ShippingLedger(ShippingFiles files, IShippingDestination destination, ShippingOptions options, TimeProvider time)
    {
        (_files, _time, _ahead) = (files, time, options.BatchEvents * BatchesAhead);
        var saved = files.Load(destination.Target);
        IsNew = saved is null;
        _record = saved ?? new ShippingRecord { Target = destination.Target };
        _placeAtStart = _record.Place;
        _suspectUntil = saved is null ? -1 : _record.Next + _record.Window - 1;
        Save(_record with { Window = _ahead, Memo = destination.Memo });
    }

    /// <summary>Was there no bookmark for this target?</summary>
    public bool IsNew { get; }

    /// <summary>May be read from any thread.</summary>
    public ShippingRecord Record => Volatile.Read(ref _record);

    /// <summary>Marks what an earlier life may have sent, and sees to it that a record covers what is sent now.</summary>
    public void Announce(IReadOnlyList<BatchEntry> entries)
    {
        foreach (var entry in entries.TakeWhile(entry => entry.Sequence <= _suspectUntil))
        {
            (entry.MayBeStored, entry.PlaceBefore) = (true, _placeAtStart);
        }

        var last = entries[^1].Sequence;
        if (last > _savedUntil)
        {
            Save(_record with { Window = (int)Math.Min(int.MaxValue, Math.Max(_ahead, last - _record.Next + 1)) });
        }
    }

    /// <summary>All lines up to here are settled.</summary>
    public void Advance(JournalBookmark bookmark, bool hasMore)
    {
        Note(_record with { Bookmark = bookmark, State = ShippingState.Shipping });
        if (!hasMore || _time.GetUtcNow() - _savedAt >= SaveProgressEvery)
        {
            Save(_record);
        }
    }

    /// <summary>When that was.</summary>
    public DateTimeOffset Settled(int count, string? place)
    {
        var now = _time.GetUtcNow();
        Note(_record with { Stored = _record.Stored + count, Place = place ?? _record.Place, LastAnswer = $"200, {count} settled", LastAnswerAt = now });
        return now;
    }

    public void DeadLetter() => Note(_record with { DeadLetters = _record.DeadLetters + 1 });

    public void Doubtful(int count) => Note(_record with { Doubtful = _record.Doubtful + count });

    public void Skipped(long count) => Note(_record with { Skipped = _record.Skipped + count });

    public void Forked(long sequence) => Note(_record with { ForkedAt = Math.Min(_record.ForkedAt ?? long.MaxValue, sequence) });

    /// <summary>True when this trouble is new.</summary>
    public bool Trouble(ShippingState state, string message)
    {
        var isNew = _record.State != state;
        Note(_record with { State = state, LastAnswer = message, LastAnswerAt = _time.GetUtcNow() });
        if (isNew || _time.GetUtcNow() - _savedAt >= SaveTroubleEvery)
        {
            Save(_record);
        }

        return isNew;
    }

    /// <summary>True when there was trouble.</summary>
    public bool Resume()
    {
        if (_record.State == ShippingState.Shipping)
        {
            return false;
        }

        Note(_record with { State = ShippingState.Shipping });
        return true;
    }

    /// <summary>Writes down what is not yet.</summary>
    public void Flush()
    {
        if (_isUnsaved)
        {
            Save(_record);
        }
    }

    private void Note(ShippingRecord record)
    {
        Volatile.Write(ref _record, record);
        _isUnsaved = true;
    }

    private void Save(ShippingRecord record)
    {
        Volatile.Write(ref _record, record);
        _isUnsaved = false;
        (_savedAt, _savedUntil) = (_time.GetUtcNow(), record.Next + record.Window - 1);
        _files.Save(record);
    }
}
