using SecurityAudit.Journal;

namespace SecurityAudit.Alerts;

/// <summary>
/// Delivers the alerts of one log on one channel, in its order: read, delivered, noted, the next. Nothing is noted that was not delivered
/// or given up, so a crash at any moment repeats the last delivery at most and leaves none out.
/// </summary>
internal sealed class LogDelivery : ILogWork
{
    public static readonly TimeSpan Youth = TimeSpan.FromDays(1);
    private static readonly TimeSpan NotedEvery = TimeSpan.FromMinutes(1);
    private const int LinesAtOnce = 4096;

    private readonly AlertChannel _channel;
    private readonly ProgressFile<DeliveryRecord> _file;
    private readonly AlertOptions _options;
    private readonly TimeProvider _time;
    private readonly DeliveryReport _report;
    private readonly WaitingAlerts _waiting;
    private DeliveryRecord _record;
    private JournalBookmark? _readTo;
    private DateTimeOffset _notedAt;
    private long _next;
    private long _skipped;
    private long _settled;

    /// <param name="channel">Where to.</param>
    /// <param name="file">What is remembered of the log and the channel.</param>
    /// <param name="size">How many lines the log has: what comes behind them is delivered whatever its time stamp says.</param>
    /// <param name="options">Of all channels.</param>
    /// <param name="time">The clock.</param>
    /// <param name="report">Hears what goes wrong.</param>
    public LogDelivery(AlertChannel channel, ProgressFile<DeliveryRecord> file, long size, AlertOptions options, TimeProvider time, DeliveryReport report)
    {
        (_channel, _file, _options, _time, _report) = (channel, file, options, time, report);
        _waiting = new WaitingAlerts(options.DigestAbove);
        _record = Remembered() ?? new DeliveryRecord { Channel = channel.Name, Since = time.GetUtcNow() - Youth, Size = size };
        _record = _record with { MinimumSeverity = channel.MinimumSeverity };
        Note(); // what is raised from here on is this channel's, also for a process that comes after a crash
    }

    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>So many lines, from the first on, hold nothing that waits for the channel; from any thread.</summary>
    public long Settled => Volatile.Read(ref _settled);

    /// <summary>What comes in a pause of the channel goes along after it.</summary>
    public TimeSpan Patience => HasWaiting ? _channel.Pause : Timeout.InfiniteTimeSpan;

    /// <summary>A reader at the place from which to go on. What was read and not delivered is read again.</summary>
    public JournalReader Open(string logDirectory)
    {
        _waiting.Clear();
        _next = _record.Next;
        _readTo = null;
        _skipped = 0;
        return new JournalReader(logDirectory, _record.Bookmark ?? Start(logDirectory));
    }

    /// <summary>Takes up the alerts among the lines that the reader has now.</summary>
    public async Task FillAsync(JournalReader reader, CancellationToken cancellationToken)
    {
        for (var lines = 0; reader.TryRead(out var line); lines++)
        {
            if (lines % LinesAtOnce == LinesAtOnce - 1)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
            }

            Take(line);
        }

        if (!HasWaiting)
        {
            _readTo = reader.Bookmark;
            Volatile.Write(ref _settled, reader.Limit ?? 0);
            NoteProgress(NotedEvery);
        }

        if (reader.Skipped > _skipped)
        {
            _report.Skipped(_channel.Name, _file.LogId, reader.Skipped - _skipped);
            _skipped = reader.Skipped;
        }
    }

    /// <summary>Tries the next delivery once.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var delivery = _waiting.Next();
        var ids = _waiting.IdsOfNext;
        var outcome = await _channel.AttemptAsync(delivery, _waiting.Count, cancellationToken);
        if (outcome == AttemptOutcome.Failed)
        {
            NoteFailure();
        }

        if (outcome == AttemptOutcome.Delivered)
        {
            Settle(delivery.Digest is null ? DeliveryResult.Delivered : DeliveryResult.Digest);
        }
        else if (outcome == AttemptOutcome.Refused || IsTooOld())
        {
            var reason = outcome == AttemptOutcome.Refused ? "It was refused again and again." : $"It was tried for {_options.GiveUpAfter}.";
            _channel.GaveUp(delivery.Digest?.Total ?? 1, ids, $"{reason} {_channel.Status.Problem}");
            Settle(DeliveryResult.GivenUp);
        }
    }

    public void Suspend() => NoteProgress(TimeSpan.Zero);

    /// <summary>Notes now and then how far was read where there was nothing to deliver: retention need not keep it.</summary>
    private void NoteProgress(TimeSpan every)
    {
        var now = _time.GetUtcNow();
        if (_readTo is not null && !HasWaiting && _readTo != _record.Bookmark && (now - _notedAt >= every || now < _notedAt))
        {
            _record = _record with { Bookmark = _readTo };
            Note();
        }
    }

    private void Take(JournalLine line)
    {
        if (line.Sequence < _next || line.IsControl || !AlertLine.IsOne(line.Utf8.Span))
        {
            return;
        }

        var alert = AlertLine.Read(line);
        if ((line.Sequence >= _record.Size || alert.Timestamp >= _record.Since) && _channel.Wants(alert) && !_channel.WasTold(alert))
        {
            _waiting.Add(alert, line.Bookmark);
        }
    }

    private void NoteFailure()
    {
        var now = _time.GetUtcNow();
        var since = _record.FailingSince is { } noted && noted <= now ? noted : now;
        if (_record.Problem != _channel.Status.Problem || since != _record.FailingSince)
        {
            _record = _record with { Problem = _channel.Status.Problem, FailingSince = since };
            Note();
        }
    }

    /// <summary>
    /// Neither the time stamp of an alert alone tells that, which a wrong clock may have made, nor the outage alone, which may have begun
    /// long before the alert.
    /// </summary>
    private bool IsTooOld()
    {
        var limit = _time.GetUtcNow() - _options.GiveUpAfter;
        return _channel.Status.Failures >= AlertChannel.LeastAttempts && _waiting.NewestOfNext < limit && _record.FailingSince < limit;
    }

    private void Settle(DeliveryResult result)
    {
        var from = _waiting.FirstOfNext ?? _next;
        var (count, bookmark) = _waiting.Settle();
        _next = bookmark!.Sequence + 1;
        _readTo = null;
        var isGivenUp = result == DeliveryResult.GivenUp;
        _record = (_record with
        {
            Bookmark = bookmark,
            Delivered = _record.Delivered + (isGivenUp ? 0 : count),
            GivenUp = _record.GivenUp + (isGivenUp ? count : 0),
        }).With(new DeliveredRange(from, bookmark.Sequence, _time.GetUtcNow(), result));
        Note();
    }

    /// <summary>What cannot be noted is remembered: this process does not deliver it a second time.</summary>
    private void Note()
    {
        try
        {
            _file.Save(_record);
            _notedAt = _time.GetUtcNow();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _report.NotRemembered(_channel.Name, failure);
        }
    }

    private DeliveryRecord? Remembered()
    {
        try
        {
            return _file.Load();
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            _report.Forgotten(_channel.Name, failure);
            return null;
        }
    }

    /// <summary>The first segment that was written to since the channel has been there; the one with the last line else.</summary>
    private JournalBookmark? Start(string logDirectory)
    {
        var segments = JournalDirectory.Segments(logDirectory);
        var index = 0;
        while (index < segments.Count - 1 && File.GetLastWriteTimeUtc(segments[index].Path) < _record.Since.UtcDateTime)
        {
            index++;
        }

        // No line has that hash: the segment is read from its beginning.
        return index == 0 ? null : new JournalBookmark(segments[index].Name, 0, segments[index].First, "");
    }
}
