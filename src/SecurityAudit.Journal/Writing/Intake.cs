using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// The callers' side of the writer. Gives each line its place, seals it, and keeps it until the commit loop takes all that came in the
/// meantime. What it cannot keep, it counts.
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
    private readonly DroppedLines _dropped = new();
    private readonly ITimer _flushTimer;

    private LineBuffer _filling;
    private LineBuffer _spare;
    private bool _closed;

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
        Durability = new Durability(_gate, tree.Size, () => _filling.Next, options, health, wake);
        _flushTimer = options.TimeProvider.CreateTimer(_ => _wake(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long Size
    {
        get
        {
            lock (_gate)
            {
                return _filling.Next;
            }
        }
    }

    /// <summary>How far the log is on the disk.</summary>
    public Durability Durability { get; }

    public long Dropped => _dropped.InAll;

    /// <summary>See <see cref="JournalWriter.IsAvailable"/>.</summary>
    public bool IsAvailable => Durability.Outage is null && !Volatile.Read(ref _closed);

    /// <summary>See <see cref="JournalWriter.Append"/>.</summary>
    public long Append(ReadOnlySpan<byte> payload, bool critical)
    {
        if (ReservedMembers.FirstIn(payload) is { } reserved)
        {
            throw new ArgumentException(
                $"The payload has the member '{reserved}' as only a line of the journal's own has it; "
                + "give it another name, and an action that does not begin with 'journal.'.",
                nameof(payload));
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(JournalWriter));
            if (!IsOpenFor(payload.Length))
            {
                return Drop();
            }

            SealGap();
            var sequence = Seal(payload);
            _filling.HasNews = true;
            if (critical)
            {
                _filling.IsCritical = true;
            }

            if (critical || _filling.IsHalfFull)
            {
                _wake();
            }

            return sequence;
        }
    }

    /// <summary>See <see cref="JournalWriter.CountLost"/>.</summary>
    public void CountLost()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _dropped.Add(1, _options.TimeProvider.GetUtcNow(), Durability.Outage ?? "The line was refused.");
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

    /// <summary>
    /// Lines were lost before this writer was open: they count as dropped, and a gap stands for them before the next line.
    /// </summary>
    public void TakeOver(long dropped, DateTimeOffset since, string reason)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(JournalWriter));
            _dropped.Add(dropped, since, reason);
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
            Durability.ForgetOutage();
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
            {
                SealHeader(header);
            }

            batch = null;
            if (_filling.IsEmpty)
            {
                return false;
            }

            batch = _filling;
            batch.After.CopyFrom(_tree);
            _filling = _spare;
            _filling.Restart(batch.Next);
            Durability.Taken(batch.Next);
            if (header is not null && !batch.BeginsSegment)
            {
                SealHeader(header);
            }

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
            _spare = batch;
            (waiters, growth) = Durability.Arrived(batch.Next);
            SealGap();
        }

        waiters?.SetResult();
        growth?.SetResult();
    }

    public void Dispose()
    {
        _flushTimer.Dispose();
        Durability.Dispose();
    }

    private long Seal(ReadOnlySpan<byte> payload)
    {
        Span<byte> leaf = stackalloc byte[MerkleHash.Length];
        var isFirst = _filling.IsEmpty;
        _filling.Add(_id, payload, leaf);
        _tree.Append(leaf);
        if (isFirst)
        {
            _flushTimer.Change(_options.FlushInterval, Timeout.InfiniteTimeSpan);
        }

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
        if (Durability.Outage is not null && _options.FailureMode == JournalFailureMode.Refuse)
        {
            return false;
        }

        if (_filling.HasRoomFor(payloadLength))
        {
            return true;
        }

        if (Durability.Outage is not null || JournalLineFormat.MaxSealedLength(payloadLength) > _options.BufferBytes)
        {
            return false;
        }

        _wake();
        var started = Stopwatch.GetTimestamp();
        while (!_filling.HasRoomFor(payloadLength))
        {
            var patience = _options.WaitTimeout - Stopwatch.GetElapsedTime(started);
            if (patience <= TimeSpan.Zero || !Monitor.Wait(_gate, patience))
            {
                Durability.StartOutage();
                return false;
            }

            ObjectDisposedException.ThrowIf(_closed, typeof(JournalWriter));
            if (Durability.Outage is not null)
            {
                return false;
            }
        }

        return true;
    }

    private long Drop()
    {
        var reason = Durability.Outage ?? "The line is longer than the buffer.";
        if (_options.FailureMode == JournalFailureMode.Refuse)
        {
            throw new JournalUnavailableException(reason);
        }

        _dropped.Add(1, _options.TimeProvider.GetUtcNow(), reason);
        return -1;
    }

    /// <summary>Records the lines that were dropped in the place where they are missing.</summary>
    private void SealGap()
    {
        if (!_dropped.AreThere || Durability.Outage is not null)
        {
            return;
        }

        var (gap, message) = _dropped.Take(_options.TimeProvider.GetUtcNow());
        Seal(gap);
        _filling.HasNews = true;
        _health.Say(JournalNoticeKind.Gap, message);
    }
}
