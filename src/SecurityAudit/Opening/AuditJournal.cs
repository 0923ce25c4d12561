using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using SecurityAudit.Journal;

namespace SecurityAudit.Opening;

/// <summary>
/// The application's journal, or why there is none: what could not be recorded until it opens is counted, and is recorded in it as a gap.
/// </summary>
/// <remarks>
/// It is opened on a thread of its own, so that a disk that hangs holds the start up for a bounded time only. Under
/// <see cref="JournalFailureMode.Refuse"/> the first attempt decides; under Continue it is tried again, after a second at first and every
/// half a minute in the end, until the application stops.
/// </remarks>
internal sealed partial class AuditJournal : IDisposable
{
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SaidAgainAfter = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _wake = new();
    private readonly TaskCompletionSource<Exception?> _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<JournalWriter> _open;
    private readonly bool _refuses;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private JournalWriter? _writer;
    private string _reason = "It is being opened.";
    private long? _saidAt;
    private long _missed;
    private DateTimeOffset _missedSince;
    private volatile bool _ended;

    /// <param name="open">Opens the journal, or throws the reason why it cannot.</param>
    /// <param name="options">Its failure mode and its clock.</param>
    /// <param name="logger">Hears that there is no journal, and that there is one again.</param>
    public AuditJournal(Func<JournalWriter> open, JournalOptions options, ILogger logger)
    {
        _open = open;
        _refuses = options.FailureMode == JournalFailureMode.Refuse;
        _time = options.TimeProvider;
        _logger = logger;
    }

    /// <summary>The journal; null while there is none.</summary>
    public JournalWriter? Writer => Volatile.Read(ref _writer);

    /// <summary>How the journal stands; failed, with the reason, while there is none.</summary>
    public JournalHealth Health
    {
        get
        {
            if (Writer is { } writer)
            {
                return writer.Health;
            }

            lock (_gate)
            {
                return new JournalHealth(JournalHealthState.Failed, _reason, _missed);
            }
        }
    }

    /// <summary>Returns when the journal is open, or when it is known that it is not, or after <paramref name="patience"/>.</summary>
    /// <exception cref="JournalException">There is none, and the failure mode is Refuse. Then, too, whatever else the opening
    /// threw.</exception>
    public void Open(TimeSpan patience)
    {
        new Thread(Run) { IsBackground = true, Name = "SecurityAudit journal opening" }.Start();
        if (!_firstAttempt.Task.Wait(patience))
        {
            var slow = new JournalException(
                $"The journal is not open after {patience.TotalSeconds:0} s, expected an answer of its disk or its anchors within that time. "
                + "Look at the volume of the journal.");
            Failed(slow);
            Refuse(slow);
        }
        else if (_firstAttempt.Task.Result is { } failure)
        {
            Refuse(failure);
        }
    }

    /// <summary>Takes a line; -1 when it was dropped, which is counted. Throws what the journal throws.</summary>
    public long Append(ReadOnlySpan<byte> json, bool critical) => Misses() ? -1 : Writer!.Append(json, critical);

    /// <summary>True while there is no journal; one event more is then counted as missed.</summary>
    public bool Misses()
    {
        if (Writer is not null)
        {
            return false;
        }

        lock (_gate)
        {
            if (_writer is not null)
            {
                return false;
            }

            if (_missed++ == 0)
            {
                _missedSince = _time.GetUtcNow();
            }

            return true;
        }
    }

    /// <summary>Completes when what was appended is on disk; at once while there is no journal. Throws what the journal throws.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => Writer?.FlushAsync(cancellationToken) ?? ValueTask.CompletedTask;

    public void Dispose()
    {
        _ended = true;
        _wake.Set();
        lock (_gate)
        {
            if (_writer is null && _missed > 0)
            {
                Log.Lost(_logger, _missed, _missedSince);
            }
        }

        Writer?.Dispose();
    }

    private void Run()
    {
        for (var delay = FirstRetry; !_ended; delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LastRetry.Ticks)))
        {
            try
            {
                Opened(_open());
                _firstAttempt.TrySetResult(null);
                return;
            }
            catch (Exception failure)
            {
                // Whatever it is: an exception on a thread ends the process, and the application is not to notice.
                if (!_refuses)
                {
                    Failed(failure);
                }

                _firstAttempt.TrySetResult(failure);
                if (_refuses)
                {
                    return;
                }
            }

            using var timer = _time.CreateTimer(_ => _wake.Set(), state: null, delay, Timeout.InfiniteTimeSpan);
            _wake.Wait();
            _wake.Reset();
        }
    }

    private void Refuse(Exception failure)
    {
        if (_refuses)
        {
            Dispose();
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private void Opened(JournalWriter writer)
    {
        long missed;
        lock (_gate)
        {
            missed = _missed;
            if (missed > 0)
            {
                // Under the lock: no event comes before the gap that stands for those it follows.
                writer.AppendGap(missed, _missedSince, _reason);
            }

            Volatile.Write(ref _writer, writer);
        }

        if (_saidAt is not null)
        {
            Log.Restored(_logger, writer.LogDirectory, missed);
        }

        if (_ended)
        {
            writer.Dispose(); // the application has stopped in the meantime
        }
    }

    private void Failed(Exception failure)
    {
        lock (_gate)
        {
            var isNews = failure.Message != _reason || _saidAt is not { } last || _time.GetElapsedTime(last) >= SaidAgainAfter;
            _reason = failure.Message;
            if (!isNews || _writer is not null || _refuses)
            {
                return;
            }

            _saidAt = _time.GetTimestamp();
        }

        Log.Missing(_logger, failure, failure.Message);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical,
            "There is no journal, so NO SECURITY EVENT IS RECORDED, shipped or watched: "
            + "{Reason} The application goes on, because SecurityAudit:Journal:FailureMode is Continue; "
            + "events are counted and it is tried again at least every 30 s.")]
        public static partial void Missing(ILogger logger, Exception failure, string reason);

        [LoggerMessage(2, LogLevel.Warning, "The journal is open now, in {Directory}. {Missed} events before could not be recorded; a journal.gap stands for them.")]
        public static partial void Restored(ILogger logger, string directory, long missed);

        [LoggerMessage(3, LogLevel.Critical, "The application stops without ever having had a journal: {Missed} security events since {Since} are recorded nowhere.")]
        public static partial void Lost(ILogger logger, long missed, DateTimeOffset since);
    }
}
