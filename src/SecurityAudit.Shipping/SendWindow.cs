namespace SecurityAudit.Shipping;

/// <summary>
/// Which of a batch's lines are sent next: all that is left, as long as that goes well; less after failures; down to the one line that
/// spoils a batch.
/// </summary>
internal sealed class SendWindow
{
    private const int SpoiledTries = 3;

    private readonly List<BatchEntry> _pending = [];
    private readonly List<BatchEntry> _current = [];
    private readonly int _most;
    private int _limit;
    private long _end;
    private int _strikes;
    private int _failures;

    public SendWindow(int most) => _limit = _most = most;

    public bool IsEmpty => _pending.Count == 0;

    /// <summary>The lines that are under way.</summary>
    public IReadOnlyList<BatchEntry> Current => _current;

    public void Begin(IEnumerable<BatchEntry> entries)
    {
        _pending.Clear();
        _pending.AddRange(entries);
        Open();
    }

    /// <summary>Goes on with what is left of the lines under way, or with the next ones.</summary>
    public void Advance()
    {
        Take();
        if (_current.Count == 0)
        {
            Open();
            Take();
        }
    }

    /// <summary>The destination judges each line: the way to it is free.</summary>
    public void Answered() => (_strikes, _failures) = (0, 0);

    public void Settle(HashSet<BatchEntry> settled)
    {
        _pending.RemoveAll(settled.Contains);
        _limit = Math.Min(_most, Math.Max(_limit, settled.Count) * 2);
    }

    public void Drop(BatchEntry entry) => _pending.Remove(entry);

    /// <summary>
    /// A destination that is short of memory refuses a large batch however often it comes, and a slow network never carries it.
    /// </summary>
    public void Failed()
    {
        if (++_failures >= 2)
        {
            Halve();
        }
    }

    public void Halve()
    {
        var half = Math.Max(1, _current.Count / 2);
        _limit = half;
        _end = _current[half - 1].Sequence;
    }

    /// <summary>The same again first, since a network can spoil a batch; then halves, down to the one line that spoils it.</summary>
    public Suspicion Spoiled()
    {
        if (++_strikes < SpoiledTries)
        {
            return Suspicion.SameAgain;
        }

        if (_current.Count == 1)
        {
            _strikes = 0;
            return Suspicion.Found;
        }

        _strikes = SpoiledTries - 1; // halves are tried once; the last one thrice again
        Halve();
        if (_end == _current[0].Sequence)
        {
            _strikes = 0;
        }

        return Suspicion.Halved;
    }

    private void Open()
    {
        if (_pending.Count > 0)
        {
            _end = _pending[Math.Min(_limit, _pending.Count) - 1].Sequence;
        }
    }

    private void Take()
    {
        _current.Clear();
        _current.AddRange(_pending.TakeWhile(entry => entry.Sequence <= _end));
    }
}

/// <summary>How far the search for the line that spoils a batch has come.</summary>
internal enum Suspicion
{
    SameAgain,
    Halved,

    /// <summary>The one line under way is the one.</summary>
    Found,
}
