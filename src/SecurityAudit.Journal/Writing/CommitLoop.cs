namespace SecurityAudit.Journal;

/// <summary>
/// The one thread that touches the disk: takes what the callers have appended in the meantime, has it written
/// (<see cref="BatchCommit"/>), signs, rolls, prunes. All but <see cref="Wake"/> and <see cref="Close"/> runs on it.
/// </summary>
internal sealed class CommitLoop : IDisposable
{
    private readonly CommitParts _parts;
    private readonly JournalOptions _options;
    private readonly ManualResetEventSlim _wake = new(initialState: false, spinCount: 50);
    private readonly ITimer _timer;
    private readonly Thread _thread;
    private readonly Action _ended;
    private readonly BatchCommit _commit;
    private readonly AnnouncedPruning _pruning;
    private bool _isClosed;
    private volatile bool _closing;

    /// <param name="parts">What it works with.</param>
    /// <param name="options">How.</param>
    /// <param name="ended">Called on the thread when it ends, which may be long after <see cref="Close"/> gave up waiting for it.</param>
    public CommitLoop(CommitParts parts, JournalOptions options, Action ended)
    {
        _ended = ended;
        _parts = parts;
        _options = options;
        _pruning = new AnnouncedPruning(parts.Retention, parts.Intake);
        _commit = new BatchCommit(parts, options.TimeProvider, _pruning);
        _timer = options.TimeProvider.CreateTimer(_ => Wake(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Run) { IsBackground = true, Name = "SecurityAudit journal" };
    }

    /// <summary>
    /// Begins the first segment on the caller's thread, so that opening a journal fails where it was asked for; then starts the thread.
    /// What the segment has to say at once is in the same write as its header: no signature may cover adopted lines before their mark does.
    /// </summary>
    public void Start(IEnumerable<byte[]> openingLines)
    {
        _parts.Space.Look();
        _parts.Intake.Begin(_parts.Header, openingLines);
        _commit.Begin(_parts.Intake.Take(header: null)!);
        _thread.Start();
        Wake();
    }

    public void Wake()
    {
        if (!_wake.IsSet)
        {
            _wake.Set();
        }
    }

    /// <summary>
    /// Commits and signs what there is, ends the log with <c>journal.closed</c>; false when that took longer than the bounded wait.
    /// </summary>
    public bool Close()
    {
        _closing = true;
        Wake();
        return _thread.Join(_options.WaitTimeout);
    }

    public void Dispose()
    {
        _timer.Dispose();
        if (!_thread.IsAlive)
        {
            _wake.Dispose();
        }
    }

    private void Run()
    {
        try
        {
            while (!_closing)
            {
                _wake.Wait();
                _wake.Reset();
                CommitAll();
                _timer.Change(UntilNextDuty(), Timeout.InfiniteTimeSpan);
            }

            End();
        }
        catch (Exception e)
        {
            // Every failure that is foreseen is handled where it happens. Another one must not end the application, which an exception on a
            // thread does.
            Stop(e);
        }

        _ended();
    }

    private void Stop(Exception error)
    {
        var reason = $"The journal in '{_parts.Directory}' has stopped after an error that it does not know: "
            + $"{error.Message} Restart the application, and report this: it is a fault of SecurityAudit.";
        _parts.Health.Raise(JournalNoticeKind.Failed, reason, error);
        _parts.Intake.Durability.Fail(reason);
    }

    private bool CommitAll()
    {
        if (!_commit.Retry(atOnce: _closing))
        {
            return false;
        }

        while (true)
        {
            SignIfDue();
            _pruning.Announce();
            if (_parts.Intake.Take(_parts.Segments.IsDue && !_isClosed ? _parts.Header : null) is not { } batch)
            {
                return true;
            }

            if (!_commit.Write(batch))
            {
                return false;
            }
        }
    }

    private void SignIfDue()
    {
        if (!_isClosed)
        {
            Sign();
        }
    }

    private void Sign()
    {
        if (_parts.Checkpoints.SignIfDue() is not { } checkpoint)
        {
            return;
        }

        var sequence = _parts.Intake.AppendControl(ControlPayload.Checkpoint(_options.TimeProvider.GetUtcNow(), checkpoint), isNews: false);
        _pruning.Signed(sequence, checkpoint.Size);
        _parts.Anchors.Offer(checkpoint);
    }

    private TimeSpan UntilNextDuty()
    {
        var next = _commit.UntilRetry ?? Shorter(_parts.Checkpoints.UntilDue, _parts.Segments.UntilDue);
        return next > TimeSpan.FromMilliseconds(1) ? Shorter(next, TimeSpan.FromHours(1)) : TimeSpan.FromMilliseconds(1);
    }

    /// <summary>
    /// Everything durable, then the last line, then one signature over it: whatever stands behind that is not this writer's.
    /// </summary>
    private void End()
    {
        CommitAll();
        _parts.Intake.Close(ControlPayload.Closed(_options.TimeProvider.GetUtcNow()));
        _isClosed = true;
        if (CommitAll())
        {
            _parts.Checkpoints.Hasten();
            Sign();
            CommitAll();
        }

        try
        {
            _parts.Segments.Dispose();
        }
        catch (IOException e)
        {
            _parts.Health.Say(JournalNoticeKind.SegmentReplaced, $"The last segment did not close in order: {e.Message} All that was acknowledged is in it.", e);
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
