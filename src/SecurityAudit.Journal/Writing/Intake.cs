using System.Diagnostics;

namespace SecurityAudit.Journal;

/// <summary>
/// The callers' side of the writer. Lets each line in for which there is room, or waits for it, until the commit loop takes all that came in
/// the meantime. What it cannot keep, it counts.
/// </summary>
/// <remarks>One lock, held for the few microseconds that sealing takes; never while a file is touched.</remarks>
internal sealed class Intake : IDisposable
{
    private readonly object _gate = new();
    private readonly SealedLines _lines;
    private readonly JournalOptions _options;
    private readonly HealthBoard _health;
    private readonly Action _wake;
    private readonly DroppedLines _dropped = new();
    private readonly object _writer; // named to whoever uses it after its end
    private bool _closed;

    public Intake(object writer, string id, MerkleTree tree, JournalOptions options, HealthBoard health, Action wake)
    {
        (_writer, _options, _health, _wake) = (writer, options, health, wake);
        _lines = new SealedLines(id, tree, options, wake);
        Durability = new Durability(writer, _gate, tree.Size, () => _lines.Filling.Next, options, health, wake);
    }

    public long Size
    {
        get
        {
            lock (_gate)
            {
                return _lines.Filling.Next;
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
            ObjectDisposedException.ThrowIf(_closed, _writer);
            if (!IsOpenFor(payload.Length))
            {
                return Drop();
            }

            SealGap();
            var sequence = _lines.Seal(payload);
            var filling = _lines.Filling;
            filling.HasNews = true;
            filling.IsCritical |= critical;
            if (critical || filling.IsHalfFull)
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
            _lines.SealHeader(header);
            foreach (var line in lines)
            {
                _lines.Seal(line);
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
            ObjectDisposedException.ThrowIf(_closed, _writer);
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
            _lines.Filling.HasNews |= isNews;
            return _lines.Seal(payload);
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

    /// <summary>Takes all lines since the last time, which must have been committed; null when there are none.</summary>
    /// <param name="header">When given, a new segment begins with this line, behind the lines that are taken or with them.</param>
    /// <returns>The lines; the tree behind them is in it.</returns>
    public LineBuffer? Take(Func<MerkleTree, byte[]>? header)
    {
        lock (_gate)
        {
            var batch = _lines.Take(header);
            if (batch is not null)
            {
                Durability.Taken(batch.Next);
                Monitor.PulseAll(_gate);
            }

            return batch;
        }
    }

    /// <summary>The batch is durable: whoever waited for it goes on.</summary>
    public void Committed(LineBuffer batch)
    {
        TaskCompletionSource? waiters, growth;
        lock (_gate)
        {
            _lines.GiveBack(batch);
            (waiters, growth) = Durability.Arrived(batch.Next);
            SealGap();
        }

        waiters?.SetResult();
        growth?.SetResult();
    }

    public void Dispose()
    {
        _lines.Dispose();
        Durability.Dispose();
    }

    /// <summary>Is there room, or was there within the bounded wait? During an outage nobody waits: one timeout was enough.</summary>
    private bool IsOpenFor(int payloadLength)
    {
        if (Durability.Outage is not null && _options.FailureMode == JournalFailureMode.Refuse)
        {
            return false;
        }

        if (_lines.Filling.HasRoomFor(payloadLength))
        {
            return true;
        }

        if (Durability.Outage is not null || JournalLineFormat.MaxSealedLength(payloadLength) > _options.BufferBytes)
        {
            return false;
        }

        _wake();
        var started = Stopwatch.GetTimestamp();
        while (!_lines.Filling.HasRoomFor(payloadLength))
        {
            var patience = _options.WaitTimeout - Stopwatch.GetElapsedTime(started);
            if (patience <= TimeSpan.Zero || !Monitor.Wait(_gate, patience))
            {
                Durability.StartOutage();
                return false;
            }

            ObjectDisposedException.ThrowIf(_closed, _writer);
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
        _lines.Seal(gap);
        _lines.Filling.HasNews = true;
        _health.Say(JournalNoticeKind.Gap, message);
    }
}
