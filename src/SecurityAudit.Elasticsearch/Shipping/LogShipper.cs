using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>Ships one log in its order: reads a batch, sends it until each of its events is settled, moves the bookmark, reads the next.</summary>
/// <remarks>
/// An event is settled when the engine says that it is stored (201) or was (409: the id carries the hash), or when it was set aside as a dead letter and its envelope is
/// stored. Nothing else moves the bookmark: no failure drops an event, however long it lasts. Not safe for several threads.
/// </remarks>
internal sealed class LogShipper
{
    private const int SuspectTries = 3;

    /// <summary>So many batches may be sent on one bookmark: writing it durably takes as long as the engine needs for some of the events.</summary>
    private const int BatchesAhead = 8;

    private const int MostOpenings = 100;
    private static readonly TimeSpan SaveProgressEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseFirst = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseLast = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SaveTroubleEvery = TimeSpan.FromSeconds(5);

    private readonly string _id;
    private readonly ElasticsearchConnection _connection;
    private readonly ElasticsearchOptions _options;
    private readonly BulkTarget _target;
    private readonly ShippingFiles _files;
    private readonly TimeProvider _time;
    private readonly ShippingMetrics _metrics;
    private readonly Action<ShippingNotice> _notify;
    private readonly ForkSearch _forks;
    private readonly OldIds _oldIds;
    private readonly RollOverDoubt _doubt;
    private readonly BulkRequest _request;
    private readonly Batch _batch = new();
    private readonly List<BatchEntry> _pending = [];
    private readonly List<BatchEntry> _window = [];
    private readonly List<long> _openings = [];
    private readonly Backoff _backoff;
    private readonly Backoff _pause;
    private readonly long _suspectUntil;
    private readonly string? _indexAtStart;
    private ShippingRecord _record;
    private ShippingProgress _progress;
    private DateTimeOffset _savedAt;
    private long _savedUntil;
    private bool _isUnsaved;
    private DateTimeOffset _firstLineAt;
    private long _windowEnd;
    private long _expected;
    private bool _mayLookForForks = true;
    private int _limit;
    private int _strikes;
    private int _failures;

    public LogShipper(
        string journalId, ElasticsearchConnection connection, ElasticsearchOptions options, BulkTarget target, ShippingFiles files,
        TimeProvider? time = null, ShippingMetrics? metrics = null, Action<ShippingNotice>? notify = null, Func<double>? random = null)
    {
        (_id, _connection, _options, _target, _files) = (journalId, connection, options, target, files);
        _time = time ?? TimeProvider.System;
        _metrics = metrics ?? ShippingMetrics.None;
        _notify = notify ?? (static _ => { });
        _forks = new ForkSearch(connection, target.Search);
        _doubt = new RollOverDoubt(target.Layout);
        _request = new BulkRequest(journalId, target);
        random ??= Random.Shared.NextDouble; // spreads load; nothing secret depends on it
        _backoff = new Backoff(options.MinBackoff, options.MaxBackoff, random);
        _pause = new Backoff(PauseFirst > options.MaxBackoff ? options.MaxBackoff : PauseFirst, PauseLast > options.MaxBackoff ? options.MaxBackoff : PauseLast, random);
        _limit = options.BatchEvents;
        var saved = files.Load(target.Search);
        _record = saved ?? new ShippingRecord { Target = target.Search };
        _expected = _record.Next;
        _oldIds = new OldIds(journalId, new StoredHashes(connection), target.Search, saved);
        _indexAtStart = _record.Index;
        _suspectUntil = saved is null ? -1 : _record.Next + _record.Window - 1;
        Save(_record with { Window = options.BatchEvents * BatchesAhead, OldIdsUntil = _oldIds.Until }); // from here on a crash leaves a trace of what may have been sent
        _progress = new ShippingProgress(_time.GetUtcNow(), null);
        if (saved is null && files.WasShipped)
        {
            _notify(new ShippingNotice(ShippingNoticeKind.BookmarkLost, _id,
                $"Log {_id} was shipped before, and there is no bookmark for {target.Search}: it is shipped again from the first line that the journal has. What is stored is met by its id, "
                + "except under the ids of versions before, which lacked the hash: that is stored a second time unless the key may read. 'security-audit elasticsearch reconcile --remove-doubled' settles it."));
        }
    }

    /// <summary>May be read from any thread, as may <see cref="Progress"/>.</summary>
    public ShippingRecord Record => Volatile.Read(ref _record);

    public ShippingProgress Progress => Volatile.Read(ref _progress);

    /// <summary>Events read and not settled.</summary>
    public int Waiting => _batch.Entries.Count;

    /// <summary>Is it time to send: a batch is full or its first line has waited long enough?</summary>
    public bool IsDue(DateTimeOffset now) => IsFull || (_batch.Entries.Count > 0 && now - _firstLineAt >= _options.Linger);

    /// <summary>How long the batch may still wait for more lines.</summary>
    public TimeSpan Patience(DateTimeOffset now) => _batch.Entries.Count == 0 ? Timeout.InfiniteTimeSpan
        : _options.Linger - (now - _firstLineAt) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private bool IsFull => _batch.Entries.Count >= _options.BatchEvents || _batch.Bytes + Batch.LongestLine > _options.BatchBytes;

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

            Expect(line);
            _batch.Add(line.Sequence, line.Utf8.Span, line.Bookmark);
        }

        if (_batch.Entries.Count > 0)
            return;
        _progress = new ShippingProgress(_time.GetUtcNow(), null);
        if (_isUnsaved)
            Save(_record);
    }

    /// <summary>What the journal does not have any more cannot be shipped, and is told.</summary>
    private void Expect(in JournalLine line)
    {
        if (line.Sequence > _expected && !_files.IsRepair)
        {
            var (count, at) = (line.Sequence - _expected, _time.GetUtcNow());
            _files.AddSkipped(new SkippedRange(_expected, line.Sequence - 1, at));
            _record = _record with { Skipped = _record.Skipped + count };
            _metrics.Skipped(count);
            _notify(new ShippingNotice(ShippingNoticeKind.Skipped, _id,
                $"Lines {_expected} to {line.Sequence - 1} of log {_id} cannot be shipped: the journal does not have them any more (pruned, lost or damaged). 'security-audit verify' tells which.", count));
        }

        _expected = Math.Max(_expected, line.Sequence + 1);
        if (line.IsControl && LineFields.Text(line.Utf8.Span, "event.action"u8) == "journal.opened")
            _openings.Add(line.Sequence);
    }

    /// <summary>Sends the batch until every event in it is settled, however long that takes.</summary>
    public async Task SettleAsync(CancellationToken ct)
    {
        _pending.Clear();
        _pending.AddRange(_batch.Entries);
        foreach (var entry in _pending.TakeWhile(entry => entry.Sequence <= _suspectUntil))
            (entry.MayBeStored, entry.IndexBefore) = (true, _indexAtStart);

        _oldIds.Mark(_pending);
        await LookForOldIdsAsync(ct).ConfigureAwait(false);
        var last = _batch.Last!;
        if (last.Sequence > _savedUntil)
            Save(_record with { Window = (int)Math.Min(int.MaxValue, Math.Max(_options.BatchEvents * (long)BatchesAhead, last.Sequence - _record.Next + 1)) });
        OpenWindow();
        while (_pending.Count > 0)
        {
            _window.Clear();
            _window.AddRange(_pending.TakeWhile(entry => entry.Sequence <= _windowEnd));
            if (_window.Count == 0)
                OpenWindow();
            else
                await TryAsync(ct).ConfigureAwait(false);
        }

        (_record, _isUnsaved) = (_record with { Bookmark = last.Bookmark, State = ShippingState.Shipping }, true);
        if (!IsFull || _time.GetUtcNow() - _savedAt >= SaveProgressEvery)
            Save(_record);
        _progress = _progress with { At = _time.GetUtcNow() };
        _batch.Clear();
        await LookForForksAsync(ct).ConfigureAwait(false);
    }

    private void OpenWindow()
    {
        if (_pending.Count > 0)
            _windowEnd = _pending[Math.Min(_limit, _pending.Count) - 1].Sequence;
    }

    private async Task TryAsync(CancellationToken ct)
    {
        _request.Build(_batch, _window);
        Answer answer;
        try
        {
            answer = await _connection.SendLinesAsync(_target.BulkPath, _request.Body, ct).ConfigureAwait(false);
        }
        catch (NoAnswerException error)
        {
            await NoAnswerAsync(error.Message, error.Refused, error.MoreNodes, ct).ConfigureAwait(false);
            return;
        }

        _metrics.Sent(_request.Body.Length);
        switch (Reactions.To(answer))
        {
            case Reaction.Read:
                if (BulkAnswer.TryRead(answer.Body, _request.Ids, out var items, out var fault))
                    await SettleAsync(items, ct).ConfigureAwait(false);
                else
                    await NoAnswerAsync($"{_connection.Node} gave an answer that does not fit the request: {fault}.", refused: false, moreNodes: false, ct).ConfigureAwait(false);
                break;
            case Reaction.TryLater:
                Doubt(); // a proxy's 502 or 504 does not tell what the engine behind it did
                LessNextTime();
                await WaitAsync(answer.Error, answer.RetryAfter, ct).ConfigureAwait(false);
                break;
            case Reaction.SendLess:
                await SendLessAsync(answer, ct).ConfigureAwait(false);
                break;
            case Reaction.SendPlain when _target.SendPlain():
                break;
            case Reaction.Suspect or Reaction.SendPlain:
                await SuspectAsync(answer, ct).ConfigureAwait(false);
                break;
            default:
                await PauseAsync(answer.Error, answer.RetryAfter, ct).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>Each event has an answer of its own.</summary>
    private async Task SettleAsync(BulkItem[] items, CancellationToken ct)
    {
        (_strikes, _failures) = (0, 0);
        var settled = new HashSet<BatchEntry>(_window.Count);
        List<BatchEntry>? existing = null;
        string? closed = null, later = null;
        string? index = null;
        for (var i = 0; i < items.Length; i++)
        {
            var (entry, item) = (_window[i], items[i]);
            switch (item.Verdict)
            {
                case ItemVerdict.Stored:
                case ItemVerdict.AlreadyThere:
                    if (item.Verdict == ItemVerdict.AlreadyThere && entry.HasOldId)
                        (existing ??= []).Add(entry);
                    index = item.Index;
                    settled.Add(entry);
                    break;
                case ItemVerdict.Redirected:
                case ItemVerdict.Refused:
                    if (SetAside(entry, item))
                        settled.Add(entry);
                    break;
                case ItemVerdict.Closed:
                    closed ??= $"{item.Status} {item.Reason}";
                    break;
                default:
                    if (item.Status >= 500)
                        Doubt(entry);
                    later ??= $"{item.Status} {item.Reason}";
                    break;
            }
        }

        if (index is not null)
            RecordDoubts(settled, index);
        if (existing is not null)
            await CompareAsync(existing, settled, index!, ct).ConfigureAwait(false);
        if (settled.Count > 0)
        {
            _pending.RemoveAll(settled.Contains);
            _limit = Math.Min(_options.BatchEvents, Math.Max(_limit, settled.Count) * 2);
            Count(settled.Count, index);
        }

        if (closed is not null)
            await PauseAsync(closed, null, ct).ConfigureAwait(false);
        else if (later is not null)
            await WaitAsync(later, null, ct).ConfigureAwait(false);
        else
            Resume();
    }

    /// <summary>Nobody knows what became of the request: all of it is sent again.</summary>
    private async Task NoAnswerAsync(string message, bool refused, bool moreNodes, CancellationToken ct)
    {
        _metrics.Retry();
        if (!refused)
        {
            Doubt();
            LessNextTime();
        }

        Trouble(ShippingState.Waiting, message);
        if (!moreNodes)
            await Task.Delay(_backoff.Next(null), _time, ct).ConfigureAwait(false);
    }

    private async Task WaitAsync(string message, TimeSpan? asked, CancellationToken ct)
    {
        _metrics.Retry();
        Trouble(ShippingState.Waiting, message);
        await Task.Delay(_backoff.Next(asked), _time, ct).ConfigureAwait(false);
    }

    private async Task PauseAsync(string message, TimeSpan? asked, CancellationToken ct)
    {
        _metrics.Retry();
        Trouble(ShippingState.Paused, message);
        await Task.Delay(_pause.Next(asked), _time, ct).ConfigureAwait(false);
    }

    private async Task SendLessAsync(Answer answer, CancellationToken ct)
    {
        if (_window.Count > 1)
        {
            Halve();
            return;
        }

        if (_window[0].Envelope is not null)
            await PauseAsync($"{answer.Error}: even an envelope is too large", answer.RetryAfter, ct).ConfigureAwait(false);
        else
            SetAside(_window[0], new BulkItem(ItemVerdict.Refused, answer.Status, "", answer.Error));
    }

    /// <summary>The same again first, since a network can spoil a request; then halves, down to the one event that spoils it.</summary>
    private async Task SuspectAsync(Answer answer, CancellationToken ct)
    {
        if (++_strikes < SuspectTries)
        {
            await WaitAsync(answer.Error, answer.RetryAfter, ct).ConfigureAwait(false);
            return;
        }

        if (_window.Count > 1)
        {
            _strikes = SuspectTries - 1; // halves are tried once; the last one thrice again
            Halve();
            if (_windowEnd == _window[0].Sequence)
                _strikes = 0;
            return;
        }

        _strikes = 0;
        if (SetAside(_window[0], new BulkItem(ItemVerdict.Refused, answer.Status, "", answer.Error)))
            _pending.Remove(_window[0]);
    }

    /// <summary>An engine that is short of memory refuses a large request however often it comes, and a slow network never carries it.</summary>
    private void LessNextTime()
    {
        if (++_failures >= 2)
            Halve();
    }

    private void Halve()
    {
        var half = Math.Max(1, _window.Count / 2);
        _limit = half;
        _windowEnd = _window[half - 1].Sequence;
    }

    /// <summary>Keeps the event with the reason and puts an envelope in its place; true when even that was the envelope.</summary>
    private bool SetAside(BatchEntry entry, BulkItem item)
    {
        var reason = item.Verdict == ItemVerdict.Redirected ? "stored in the failure store: " + item.Reason : item.Reason ?? "";
        _files.AddDeadLetter(entry.Sequence, _time.GetUtcNow(), item.Status, entry.Envelope is null ? reason : "the envelope too: " + reason, _batch.Line(entry));
        if (entry.Envelope is not null)
            return true;
        entry.Envelope = Envelope.Of(_id, entry, _batch.Line(entry), reason, _time.GetUtcNow());
        _record = _record with { DeadLetters = _record.DeadLetters + 1 };
        _metrics.DeadLetter();
        var kind = item.Verdict == ItemVerdict.Redirected ? ShippingNoticeKind.Redirected : ShippingNoticeKind.DeadLetter;
        _notify(new ShippingNotice(kind, _id, $"Event {_request.IdOf(entry)} is kept in '{_files.DeadLetterPath}': {item.Status} {reason}"));
        return false;
    }

    private void Doubt()
    {
        foreach (var entry in _window)
            Doubt(entry);
    }

    private void Doubt(BatchEntry entry)
    {
        if (!entry.MayBeStored)
            (entry.MayBeStored, entry.IndexBefore) = (true, _record.Index);
    }

    private void RecordDoubts(HashSet<BatchEntry> settled, string index)
    {
        if (_doubt.Of(_window.Where(settled.Contains), index, _time.GetUtcNow()) is not var (range, count))
            return;
        AddDoubt(range, count, $"Events {range.From} to {range.To} of {_id} may be stored twice: the data stream rolled over to {index} before they were answered for. 'security-audit elasticsearch reconcile' tells.");
    }

    private void AddDoubt(DoubtfulRange range, int count, string message)
    {
        _files.AddDoubt(range);
        _record = _record with { Doubtful = _record.Doubtful + count };
        _metrics.Doubtful(count);
        _notify(new ShippingNotice(ShippingNoticeKind.Doubtful, _id, message, count));
    }

    /// <summary>An old id that is taken does not say by what.</summary>
    private async Task CompareAsync(List<BatchEntry> existing, HashSet<BatchEntry> settled, string index, CancellationToken ct)
    {
        var (unproven, forks) = await _oldIds.JudgeAsync(existing, ct).ConfigureAwait(false);
        foreach (var (entry, fork) in forks)
        {
            settled.Remove(entry);
            entry.HasOldId = false; // and so it goes under its own
            Tell(fork);
        }

        if (unproven.Count == 0)
            return;
        var range = new DoubtfulRange(unproven[0].Sequence, unproven[^1].Sequence, null, index, _time.GetUtcNow(), Shipping.Doubt.AnothersLine);
        AddDoubt(range, unproven.Count, $"Log {_id}: {range}. 'security-audit elasticsearch reconcile' tells.");
    }

    /// <summary>Without a bookmark, what is stored under old ids is looked for where the key may read.</summary>
    private async Task LookForOldIdsAsync(CancellationToken ct)
    {
        var (stored, forks) = await _oldIds.LookAsync(_pending, ct).ConfigureAwait(false);
        foreach (var fork in forks)
            Tell(fork);
        if (stored.Count == 0)
            return;
        _pending.RemoveAll(stored.ToHashSet().Contains);
        Count(stored.Count, null);
    }

    /// <summary>Where the key may read: does another line stand where a segment of this log begins?</summary>
    private async Task LookForForksAsync(CancellationToken ct)
    {
        if (_openings.Count == 0 || !_mayLookForForks)
            return;
        try
        {
            var forks = await _forks.FindAsync(_id, _openings, ct).ConfigureAwait(false);
            _mayLookForForks = forks is not null;
            foreach (var fork in forks ?? [])
                Tell(fork);
            _openings.Clear();
        }
        catch (IOException)
        {
            _openings.RemoveRange(0, Math.Max(0, _openings.Count - MostOpenings)); // asked again behind the next batch
        }
    }

    private void Tell(Fork fork)
    {
        _record = _record with { ForkedAt = Math.Min(_record.ForkedAt ?? long.MaxValue, fork.Sequence) };
        _isUnsaved = true;
        _notify(new ShippingNotice(ShippingNoticeKind.Fork, _id, fork.ToString()));
    }

    private void Count(int count, string? index)
    {
        _metrics.Stored(count);
        _progress = _progress with { At = _time.GetUtcNow() };
        _record = _record with { Stored = _record.Stored + count, Index = index ?? _record.Index, LastAnswer = $"200, {count} settled", LastAnswerAt = _progress.At };
    }

    private void Trouble(ShippingState state, string message)
    {
        var before = _record.State;
        _record = _record with { State = state, LastAnswer = message, LastAnswerAt = _time.GetUtcNow() };
        if (before != state || _time.GetUtcNow() - _savedAt >= SaveTroubleEvery)
            Save(_record);
        if (before != state)
            _notify(new ShippingNotice(state == ShippingState.Paused ? ShippingNoticeKind.Paused : ShippingNoticeKind.Waiting, _id, message));
    }

    private void Resume()
    {
        _backoff.Reset();
        _pause.Reset();
        if (_record.State == ShippingState.Shipping)
            return;
        _record = _record with { State = ShippingState.Shipping };
        _notify(new ShippingNotice(ShippingNoticeKind.Resumed, _id, $"Shipping to {_connection.Node} goes on."));
    }

    private void Save(ShippingRecord record)
    {
        (_record, _isUnsaved) = (record, false);
        (_savedAt, _savedUntil) = (_time.GetUtcNow(), record.Next + record.Window - 1);
        _files.Save(record);
    }
}
