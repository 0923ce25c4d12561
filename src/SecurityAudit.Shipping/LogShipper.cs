using SecurityAudit.Journal;

namespace SecurityAudit.Shipping;

/// <summary>
/// Ships one log in its order: reads a batch, sends it until each of its lines is settled, moves the bookmark, reads the next.
/// </summary>
/// <remarks>
/// A line is settled when the destination says that it is stored or was, or when it was set aside as a dead letter and its envelope is
/// stored. Nothing else moves the bookmark: no failure drops a line, however long it lasts. Not safe for several threads.
/// </remarks>
internal sealed class LogShipper : ILogWork
{
    private readonly string _id;
    private readonly ShippingOptions _options;
    private readonly TimeProvider _time;
    private readonly ShippingLedger _ledger;
    private readonly ShippingReport _report;
    private readonly Delivery _delivery;
    private readonly Batch _batch = new();
    private ShippingProgress _progress;
    private DateTimeOffset _firstLineAt;

    public LogShipper(
        IShippingDestination destination, ShippingOptions options, ShippingFiles files,
        TimeProvider? time = null, ShippingMetrics? metrics = null, Action<ShippingNotice>? notify = null, Func<double>? random = null)
    {
        (_id, _options) = (files.LogId, options);
        _time = time ?? TimeProvider.System;
        metrics ??= ShippingMetrics.None;
        _ledger = new ShippingLedger(files, destination, options, _time);
        _report = new ShippingReport(files, _ledger, metrics, notify ?? (static _ => { }), _time);
        var delays = new RetryDelays(options, _time, random ?? Random.Shared.NextDouble); // spreads load; nothing secret depends on it
        _delivery = new Delivery(destination, _ledger, _report, new SendWindow(options.BatchEvents), delays, metrics, GotOn);
        _progress = new ShippingProgress(_time.GetUtcNow(), null);
        if (_ledger.IsNew && files.WasShipped)
        {
            _report.Say(ShippingNoticeKind.BookmarkLost,
                $"Log {_id} was shipped before, and there is no bookmark for {destination.Target}: "
                + "it is shipped again from the first line that the journal has. What is stored is met by its id, "
                + "except under the ids of versions before, which lacked the hash: that is stored a second time unless the key may read. "
                + "'security-audit elasticsearch reconcile --remove-doubled' settles it.");
        }
    }

    /// <summary>May be read from any thread, as may <see cref="Progress"/>.</summary>
    public ShippingRecord Record => _ledger.Record;

    public ShippingProgress Progress => Volatile.Read(ref _progress);

    /// <summary>Lines read and not settled.</summary>
    public int Waiting => _batch.Entries.Count;

    private bool IsFull => _batch.Entries.Count >= _options.BatchEvents || _batch.Bytes + Batch.LongestLine > _options.BatchBytes;

    /// <summary>How long the batch may still wait for more lines: none is sent before it is full or its first line has waited long enough.</summary>
    public TimeSpan Patience
    {
        get
        {
            if (_batch.Entries.Count == 0)
            {
                return Timeout.InfiniteTimeSpan;
            }

            var left = IsFull ? TimeSpan.Zero : _options.Linger - (_time.GetUtcNow() - _firstLineAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public JournalReader Open(string logDirectory) => new(logDirectory, Record.Bookmark);

    public Task FillAsync(JournalReader reader, CancellationToken cancellationToken)
    {
        Fill(reader.TryRead);
        return Task.CompletedTask;
    }

    /// <summary>Reads lines into the batch until it is full or the log ends.</summary>
    public void Fill(LineReader read)
    {
        while (!IsFull && read(out var line))
        {
            if (_batch.Entries.Count == 0)
            {
                _firstLineAt = _time.GetUtcNow();
                _progress = new ShippingProgress(_progress.Oldest is null ? _firstLineAt : _progress.At, LineFields.Timestamp(line.Utf8.Span) ?? _firstLineAt);
            }

            _report.Read(line);
            _batch.Add(line.Sequence, line.Utf8.Span, line.Bookmark, line.IsControl);
        }

        if (_batch.Entries.Count == 0)
        {
            _progress = new ShippingProgress(_time.GetUtcNow(), null);
            _ledger.Flush();
        }
    }

    /// <summary>Ships what there is, and says after each batch how far it is.</summary>
    public async Task ToEndAsync(LineReader read, Action<ShippingRecord>? progress, CancellationToken cancellationToken)
    {
        Fill(read);
        while (Waiting > 0)
        {
            await SettleAsync(cancellationToken);
            progress?.Invoke(Record);
            Fill(read);
        }
    }

    /// <summary>Sends the batch until every line in it is settled, however long that takes.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await _delivery.SettleAsync(_batch, cancellationToken);
        _ledger.Advance(_batch.Last!.Bookmark, hasMore: IsFull);
        GotOn(_time.GetUtcNow());
        _batch.Clear();
    }

    /// <summary>Nothing to do: before lines were sent it was written down that they may have been.</summary>
    public void Suspend()
    {
    }

    private void GotOn(DateTimeOffset at) => _progress = _progress with { At = at };
}
