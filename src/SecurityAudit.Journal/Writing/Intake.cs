using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// The callers' side of the writer. Gives each line its place, seals it, and keeps it until the commit loop takes all that came in the
/// meantime; lets callers wait for the disk, for a bounded time.
/// </summary>
/// <remarks>One lock, held for the few microseconds that sealing takes; never while a file is touched.</remarks>
internal sealed class Intake : IDisposable
{
    private readonly object _gate = new();
    private readonly byte[] _id;
    private readonly MerkleTree _tree;
    private readonly JournalOptions _options;
    private readonly HealthBoard _health;
    private readonly Action _wake;
    private readonly DurabilityWaiters _waiters = new();
    private readonly ITimer _flushTimer;
    private readonly ITimer _patienceTimer;

    private LineBuffer _filling;
    private LineBuffer _spare;
    private long _takenUpTo;
    private long _durable;
    private DroppedLines? _dropped;
    private long _droppedInAll;
    private string? _outage;
    private bool _closed;
    private bool _disposed;

    public Intake(string id, MerkleTree tree, JournalOptions options, HealthBoard health, Action wake)
    {
        _id = Encoding.ASCII.GetBytes(id);
        _tree = tree;
        _options = options;
        _health = health;
        _wake = wake;
        _filling = new LineBuffer(options.BufferBytes);
        _spare = new LineBuffer(options.BufferBytes);
        _filling.Restart(tree.Size);
        _durable = _takenUpTo = tree.Size;
        _flushTimer = options.TimeProvider.CreateTimer(_ => _wake(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _patienceTimer = options.TimeProvider.CreateTimer(
            _ => LosePatience(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long Size
    {
        get
        {
            lock (_gate)
                return _filling.Next;
        }
    }

    public long Durable => Volatile.Read(ref _durable);

    public long Dropped => Volatile.Read(ref _droppedInAll);

    /// <summary>See <see cref="JournalWriter.IsAvailable"/>.</summary>
    public bool IsAvailable => Volatile.Read(ref _outage) is null && !Volatile.Read(ref _closed);

    /// <summary>See <see cref="JournalWriter.Append"/>.</summary>
    public long Append(ReadOnlySpan<byte> payload, bool critical)
    {
        if ((ControlLine.IsReserved(payload) ? EventFields.Action : ReservedMembers.FirstIn(payload)) is { } reserved)
            throw new ArgumentException($"The payload has the member '{reserved}' as only a line of the journal's own has it; give it another name, and an action that does not begin with 'journal.'.", nameof(payload));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(JournalWriter));
            if (!IsOpenFor(payload.Length))
                return Drop();
            SealGap();
            var sequence = Seal(payload);
            _filling.HasNews = true;
            if (critical)
                _filling.IsCritical = true;
            if (critical || _filling.IsHalfFull)
                _wake();
            return sequence;
        }
    }

    /// <summary>See <see cref="JournalWriter.CountLost"/>.</summary>
    public void CountLost()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            Count(1, _options.TimeProvider.GetUtcNow(), _outage ?? "The line was refused.");
            SealGap();
        }
    }

    /// <summary>Begins the first segment of this writer with its header and these lines of the journal's own.</summary>
    public void Begin(Func<MerkleTree, byte[]> header, IEnumerable<byte[]> lines)
    {
        lock (_gate)
        {
            SealHeader(header);
            foreach (var line in lines)
            {
                Seal(line);
            }
        }
    }

    /// <summary>Lines were lost before this writer was open: they count as dropped, and a gap stands for them before the next line.</summary>
    public void TakeOver(long dropped, DateTimeOffset since, string reason)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(JournalWriter));
            Count(dropped, since, reason);
            SealGap();
            _wake();
        }
    }

    /// <summary>Adds a line of the journal's own, which never waits and is never dropped; returns its sequence number.</summary>
    public long AppendControl(byte[] payload, bool isNews = true)
    {
        lock (_gate)
        {
            _filling.HasNews |= isNews;
            return Seal(payload);
        }
    }

    /// <summary>Ends the intake with this line; every append after it throws.</summary>
    public void Close(byte[] lastPayload)
    {
        lock (_gate)
        {
            _outage = null; // the last attempt: if it succeeds, the gap belongs into it
            SealGap();
            AppendControl(lastPayload);
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes all lines since the last time, which must have been committed.</summary>
    /// <param name="header">When given, a new segment begins with this line, behind the lines that are taken or with them.</param>
    /// <param name="batch">The lines; the tree behind them is in it.</param>
    public bool TryTake(Func<MerkleTree, byte[]>? header, [NotNullWhen(true)] out LineBuffer? batch)
    {
        lock (_gate)
        {
            if (header is not null && _filling.IsEmpty)
                SealHeader(header);
            batch = null;
            if (_filling.IsEmpty)
                return false;
            batch = _filling;
            batch.After.CopyFrom(_tree);
            _takenUpTo = batch.Next;
            _filling = _spare;
            _filling.Restart(batch.Next);
            _waiters.Take();
            if (header is not null && !batch.BeginsSegment)
                SealHeader(header);
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>The batch is durable: whoever waited for it goes on.</summary>
    public void Committed(LineBuffer batch)
    {
        TaskCompletionSource? waiters, growth;
        lock (_gate)
        {
            Volatile.Write(ref _durable, batch.Next);
            _spare = batch;
            _outage = null;
            SealGap();
            if (_waiters.AreFilling)
                _patienceTimer.Change(_options.WaitTimeout, Timeout.InfiniteTimeSpan);
            (waiters, growth) = _waiters.Durable();
        }

        waiters?.SetResult();
        growth?.SetResult();
    }

    /// <summary>Lines cannot be written until the next <see cref="Committed"/>: whoever waits is told so now.</summary>
    public void Fail(string reason)
    {
        TaskCompletionSource? taken, filling;
        lock (_gate)
        {
            _outage = reason;
            (taken, filling) = _waiters.Failed();
            Monitor.PulseAll(_gate);
        }

        taken?.SetException(new JournalUnavailableException(reason));
        filling?.SetException(new JournalUnavailableException(reason));
    }

    /// <summary>See <see cref="JournalWriter.FlushAsync(long, CancellationToken)"/>.</summary>
    public ValueTask FlushAsync(long sequence, CancellationToken ct)
    {
        if (sequence < Durable)
            return sequence >= 0
                ? ValueTask.CompletedTask
                : ValueTask.FromException(new JournalUnavailableException("The line was dropped because the journal could not take it: nothing to wait for."));
        Task task;
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, _filling.Next);
            if (sequence < _durable)
                return ValueTask.CompletedTask;
            if (_outage is not null)
                return ValueTask.FromException(new JournalUnavailableException(_outage));
            var areFirst = !_waiters.AreThere;
            task = _waiters.Join(isTaken: sequence < _takenUpTo, out var isNew);
            if (areFirst)
                _patienceTimer.Change(_options.WaitTimeout, Timeout.InfiniteTimeSpan);
            if (isNew)
                _wake();
        }

        return new ValueTask(ct.CanBeCanceled ? task.WaitAsync(ct) : task);
    }

    /// <summary>See <see cref="JournalWriter.WaitForDurableAsync"/>.</summary>
    public async ValueTask<long> WaitForDurableAsync(long beyond, CancellationToken ct)
    {
        while (true)
        {
            Task growth;
            lock (_gate)
            {
                if (_durable > beyond)
                    return _durable;
                ObjectDisposedException.ThrowIf(_disposed, typeof(JournalWriter));
                growth = _waiters.JoinGrowth();
            }

            await growth.WaitAsync(ct);
        }
    }

    public void Dispose()
    {
        _flushTimer.Dispose();
        _patienceTimer.Dispose();
        Fail("The journal was closed before the line reached the disk.");
        TaskCompletionSource? growth;
        lock (_gate)
        {
            _disposed = true;
            growth = _waiters.Ended();
        }

        growth?.SetException(new ObjectDisposedException(nameof(JournalWriter)));
    }

    private long Seal(ReadOnlySpan<byte> payload)
    {
        Span<byte> leaf = stackalloc byte[MerkleHash.Length];
        var isFirst = _filling.IsEmpty;
        _filling.Add(_id, payload, leaf);
        _tree.Append(leaf);
        if (isFirst)
            _flushTimer.Change(_options.FlushInterval, Timeout.InfiniteTimeSpan);
        return _filling.Next - 1;
    }

    private void SealHeader(Func<MerkleTree, byte[]> header)
    {
        Seal(header(_tree));
        _filling.BeginsSegment = _filling.HasNews = true;
    }

    /// <summary>Is there room, or was there within the bounded wait? During an outage nobody waits: one timeout was enough.</summary>
    private bool IsOpenFor(int payloadLength)
    {
        if (_outage is not null && _options.FailureMode == JournalFailureMode.Refuse)
            return false;
        if (_filling.HasRoomFor(payloadLength))
            return true;
        if (_outage is not null || JournalLineFormat.MaxSealedLength(payloadLength) > _options.BufferBytes)
            return false;
        _wake();
        var started = Stopwatch.GetTimestamp();
        while (!_filling.HasRoomFor(payloadLength))
        {
            var patience = _options.WaitTimeout - Stopwatch.GetElapsedTime(started);
            if (patience <= TimeSpan.Zero || !Monitor.Wait(_gate, patience))
            {
                StartOutage();
                return false;
            }

            ObjectDisposedException.ThrowIf(_closed, typeof(JournalWriter));
            if (_outage is not null)
                return false;
        }

        return true;
    }

    private long Drop()
    {
        var reason = _outage ?? "The line is longer than the buffer.";
        if (_options.FailureMode == JournalFailureMode.Refuse)
            throw new JournalUnavailableException(reason);
        Count(1, _options.TimeProvider.GetUtcNow(), reason);
        return -1;
    }

    private void Count(long lines, DateTimeOffset since, string reason)
    {
        _dropped ??= new DroppedLines(since, reason);
        _dropped.Count += lines;
        Volatile.Write(ref _droppedInAll, _droppedInAll + lines);
    }

    /// <summary>Records the lines that were dropped in the place where they are missing.</summary>
    private void SealGap()
    {
        if (_dropped is null || _outage is not null)
            return;
        Seal(_dropped.Gap(_options.TimeProvider.GetUtcNow()));
        _filling.HasNews = true;
        _health.Say(JournalNoticeKind.Gap, _dropped.ToString());
        _dropped = null;
    }

    private void StartOutage()
    {
        _outage = string.Create(CultureInfo.InvariantCulture,
            $"The disk has not taken a line for {_options.WaitTimeout.TotalSeconds:0.###} s, expected an answer within that time. Look at the volume of the journal.");
        _health.Raise(JournalNoticeKind.Failed, _outage);
    }

    /// <summary>The oldest waiter has waited long enough. Those who came since the disk fell silent are told as well: they would learn no more.</summary>
    private void LosePatience()
    {
        lock (_gate)
        {
            if (!_waiters.AreThere)
                return;
            StartOutage();
        }

        Fail(_outage!);
    }
}
