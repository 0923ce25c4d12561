using SecurityAudit.Detection.Engine;
using SecurityAudit.Journal;

namespace SecurityAudit.Detection.Following;

/// <summary>Leads the lines of one log through the rules, first those that were written before, then those that come. One thread.</summary>
internal sealed class LogFollower : IDisposable
{
    private readonly Func<long?> _durable;
    private readonly RuleEngine _engine;
    private readonly JournalClock _clock;
    private readonly AlertLog _alerts;
    private readonly DetectionState _state;
    private readonly IAlertListener? _listener;
    private readonly JournalReader _reader;
    private long _skipped;
    private long _displaced;
    private bool _hasReadAll;

    /// <param name="logDirectory">The log.</param>
    /// <param name="durable">How many of its lines no crash can take back; null for a log that nobody writes: all.</param>
    /// <param name="engine">The rules.</param>
    /// <param name="clock">The time by which they count.</param>
    /// <param name="alerts">Takes what they find.</param>
    /// <param name="state">What was kept of an earlier run.</param>
    /// <param name="listener">Hears of each alert in the log; null where nobody answers them.</param>
    public LogFollower(
        string logDirectory, Func<long?> durable, RuleEngine engine, JournalClock clock, AlertLog alerts, DetectionState state,
        IAlertListener? listener)
    {
        (_durable, _engine, _clock, _alerts, _state, _listener) = (durable, engine, clock, alerts, state, listener);
        Position = state.Bookmark;
        alerts.Stage = state.Bookmark is null ? FollowingStage.CatchingUp : FollowingStage.Rebuilding;
        _reader = new JournalReader(logDirectory, JournalStart.Of(logDirectory, state.Bookmark, engine.Reach));
        foreach (var (key, condition) in Histories())
        {
            foreach (var entry in state.Histories.GetValueOrDefault(key) ?? [])
            {
                condition.Saw(entry.Group, entry.Value, entry.At);
            }
        }
    }

    /// <summary>The last line that was judged.</summary>
    public JournalBookmark? Position { get; private set; }

    /// <summary>Is there an alert about a line before <see cref="Position"/> that the journal has not taken yet?</summary>
    public bool HasUnrecorded => _alerts.HasUnrecorded;

    /// <summary>How many lines were durable when it was last read.</summary>
    public long DurableRead { get; private set; }

    /// <summary>Reads what was written before: judged already up to the bookmark, and not behind it. May be called again where it was cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before all was read: nothing of it is told yet.</exception>
    public void CatchUp(CancellationToken cancellationToken)
    {
        if (_alerts.Stage == FollowingStage.Live)
        {
            return;
        }

        Read(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        _clock.BeginLive();
        _alerts.BeginLive();
        _skipped = _reader.Skipped;
    }

    /// <summary>Reads what is durable; how many lines were durable then and are not read yet.</summary>
    public long Read(CancellationToken cancellationToken)
    {
        if (_hasReadAll)
        {
            _clock.Pass(); // what comes now was written since
        }

        _reader.Limit = _durable();
        DurableRead = _reader.Limit ?? 0;
        while (!cancellationToken.IsCancellationRequested && _reader.TryRead(out var line))
        {
            if (_alerts.Stage == FollowingStage.Rebuilding && line.Sequence > _state.Bookmark!.Sequence)
            {
                _alerts.Stage = FollowingStage.CatchingUp;
            }

            if (_engine.Observe(line.Utf8, _clock, _alerts))
            {
                _listener?.Heard(line, _alerts.Stage == FollowingStage.Live);
            }
        }

        if (_reader.Bookmark is { } read && read.Sequence > (Position?.Sequence ?? -1))
        {
            Position = read;
        }

        var behind = Math.Max(0, DurableRead - 1 - (Position?.Sequence ?? -1));
        _hasReadAll = behind == 0;
        return behind;
    }

    /// <summary>What the passing of time makes due, once all that is written was read.</summary>
    public void Review()
    {
        _alerts.RecordAgain();
        if (_durable() == DurableRead)
        {
            _engine.Review(_clock.Pass(), _alerts);
        }
    }

    /// <summary>Lines that could not be read since the last call.</summary>
    public long TakeSkipped()
    {
        var skipped = _reader.Skipped - _skipped;
        _skipped = _reader.Skipped;
        return skipped;
    }

    /// <summary>How often a group of events found no room in the rules' memory, or had to make room, since the last call.</summary>
    public long TakeDisplaced()
    {
        var all = _engine.Watches.Sum(watch => watch.Conditions.Sum(condition => condition.Displaced));
        var displaced = all - _displaced;
        _displaced = all;
        return displaced;
    }

    /// <summary>What is to be kept.</summary>
    public DetectionState State() => new(
        _state.Seed,
        Histories().ToDictionary(
            history => history.Key,
            history => (IReadOnlyList<HistoryEntry>)[.. history.History.All.Select(seen => new HistoryEntry(seen.Group, seen.Value, seen.At))],
            StringComparer.Ordinal))
    {
        Bookmark = Position,
    };

    public void Dispose() => _reader.Dispose();

    private IEnumerable<(string Key, History History)> Histories() =>
        from watch in _engine.Watches
        from condition in watch.Conditions.Select((condition, index) => (condition.History, Number: index + 1))
        where condition.History is not null
        select ($"{watch.Rule.Id}#{condition.Number}", condition.History);
}
