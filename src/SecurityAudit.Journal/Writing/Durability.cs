using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>
/// How far the log is on the disk, as the callers see it: lets them wait for their lines, for a bounded time, and says from when on the
/// disk takes none. Shares the intake's lock; whoever waits is told outside of it.
/// </summary>
internal sealed class Durability : IDisposable
{
    private readonly object _writer;
    private readonly object _gate;
    private readonly JournalOptions _options;
    private readonly HealthBoard _health;
    private readonly Action _wake;
    private readonly Func<long> _next;
    private readonly DurabilityWaiters _waiters = new();
    private readonly ITimer _waitTimer;
    private long _size;
    private long _takenUpTo;
    private string? _outage;
    private bool _disposed;

    /// <param name="writer">Whose it is: named to whoever waits after its end.</param>
    /// <param name="gate">The intake's lock.</param>
    /// <param name="size">The lines that are durable already.</param>
    /// <param name="next">Under the lock: the next sequence number that will be given out.</param>
    /// <param name="options">How long anybody waits.</param>
    /// <param name="health">Is told when the disk falls silent.</param>
    /// <param name="wake">Wakes the commit loop.</param>
    public Durability(object writer, object gate, long size, Func<long> next, JournalOptions options, HealthBoard health, Action wake)
    {
        (_writer, _gate, _size, _takenUpTo, _next, _options, _health, _wake) = (writer, gate, size, size, next, options, health, wake);
        _waitTimer = options.TimeProvider.CreateTimer(_ => TimeOutWaiters(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The lines that survive a power cut. May be read without the lock, as may <see cref="Outage"/>.</summary>
    public long Size => Volatile.Read(ref _size);

    /// <summary>Why the disk takes no line at present; null: it does, as far as is known.</summary>
    public string? Outage => Volatile.Read(ref _outage);

    /// <summary>See <see cref="JournalWriter.FlushAsync(long, CancellationToken)"/>.</summary>
    public ValueTask FlushAsync(long sequence, CancellationToken cancellationToken)
    {
        if (sequence < Size)
        {
            return sequence >= 0
                ? ValueTask.CompletedTask
                : ValueTask.FromException(new JournalUnavailableException("The line was dropped because the journal could not take it: nothing to wait for."));
        }

        Task task;
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, _next());
            if (sequence < _size)
            {
                return ValueTask.CompletedTask;
            }

            if (_outage is not null)
            {
                return ValueTask.FromException(new JournalUnavailableException(_outage));
            }

            var areFirst = !_waiters.AreThere;
            task = _waiters.Join(isTaken: sequence < _takenUpTo, out var isNew);
            if (areFirst)
            {
                RestartWaitTimer();
            }

            if (isNew)
            {
                _wake();
            }
        }

        return new ValueTask(cancellationToken.CanBeCanceled ? task.WaitAsync(cancellationToken) : task);
    }

    /// <summary>See <see cref="JournalWriter.WaitForDurableAsync"/>.</summary>
    public async ValueTask<long> WaitAsync(long beyond, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task growth;
            lock (_gate)
            {
                if (_size > beyond)
                {
                    return _size;
                }

                ObjectDisposedException.ThrowIf(_disposed, _writer);
                growth = _waiters.JoinGrowth();
            }

            await growth.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Under the lock: the lines up to, without, this one are under way to the disk.</summary>
    public void Taken(long upTo)
    {
        _takenUpTo = upTo;
        _waiters.Take();
    }

    /// <summary>Under the lock: they have arrived. Whom to tell, outside of it.</summary>
    public (TaskCompletionSource? Waiters, TaskCompletionSource? Growth) Arrived(long size)
    {
        Volatile.Write(ref _size, size);
        _outage = null;
        if (_waiters.AreFilling)
        {
            RestartWaitTimer();
        }

        return _waiters.Durable();
    }

    /// <summary>Lines cannot be written until the next <see cref="Arrived"/>: whoever waits is told so now.</summary>
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

    /// <summary>Under the lock: somebody has waited for the disk as long as anybody does.</summary>
    public void StartOutage()
    {
        _outage = string.Create(CultureInfo.InvariantCulture,
            $"The disk has not taken a line for {_options.WaitTimeout.TotalSeconds:0.###} s, expected an answer within that time. Look at the volume of the journal.");
        _health.Raise(JournalNoticeKind.Failed, _outage);
    }

    /// <summary>Under the lock: the last attempt. If it succeeds, what was dropped until now belongs into it.</summary>
    public void ForgetOutage() => _outage = null;

    public void Dispose()
    {
        _waitTimer.Dispose();
        Fail("The journal was closed before the line reached the disk.");
        TaskCompletionSource? growth;
        lock (_gate)
        {
            _disposed = true;
            growth = _waiters.Ended();
        }

        growth?.SetException(new ObjectDisposedException(nameof(JournalWriter)));
    }

    private void RestartWaitTimer() => _waitTimer.Change(_options.WaitTimeout, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// The oldest waiter has waited long enough. Those who came since the disk fell silent are told as well: they would learn no more.
    /// </summary>
    private void TimeOutWaiters()
    {
        lock (_gate)
        {
            if (!_waiters.AreThere)
            {
                return;
            }

            StartOutage();
        }

        Fail(_outage!);
    }
}
