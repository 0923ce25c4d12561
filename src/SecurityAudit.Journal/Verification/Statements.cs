namespace SecurityAudit.Journal;

/// <summary>
/// What a log says of itself, kept until a signature covers it: anybody who may write the files can append such a line. What stands among
/// lines that were adopted without a signature is never believed.
/// </summary>
internal sealed class Statements
{
    /// <summary>
    /// With more than these waiting, a further one waits together with the last: memory stays bounded whatever a journal holds.
    /// </summary>
    private const int MostWaiting = 4096;

    private readonly List<Statement> _waiting = [];
    private readonly List<(long From, long To)> _adopted = [];

    /// <summary>How many events could not be recorded.</summary>
    public long Dropped { get; private set; }

    /// <summary>Up to this line the log was pruned on purpose.</summary>
    public long PrunedTo { get; private set; }

    /// <summary>The longest that a line stays without a signature, as the writer was configured.</summary>
    public TimeSpan? CheckpointInterval { get; private set; }

    /// <summary>The lines that were adopted after a crash.</summary>
    public IReadOnlyList<(long From, long To)> Adopted => _adopted;

    /// <summary>Notes what a line says.</summary>
    /// <param name="sequence">The line.</param>
    /// <param name="control">What it says.</param>
    /// <param name="provesPruning">For <c>journal.pruned</c>: does it carry a checkpoint of a trusted key over what went?</param>
    public void Add(long sequence, ControlLine control, bool provesPruning)
    {
        var statement = new Statement(
            sequence,
            Dropped: control.Action == ControlAction.Gap ? control.Dropped ?? 0 : 0,
            PrunedTo: control.Action == ControlAction.Pruned && provesPruning ? control.To ?? 0 : 0,
            Adopted: control is { Action: ControlAction.Recovered, From: { } from, To: { } to } && from < to && to <= sequence ? (from, to) : null,
            Interval: control.Action == ControlAction.Opened ? control.CheckpointIntervalMilliseconds : null);
        if (statement.SaysNothing)
        {
            return;
        }

        if (_waiting.Count >= MostWaiting)
        {
            _waiting[^1] = _waiting[^1].With(statement);
        }
        else
        {
            _waiting.Add(statement);
        }
    }

    /// <summary>A verified signature covers this many lines.</summary>
    public void Believe(long covered)
    {
        var count = _waiting.TakeWhile(statement => statement.Sequence < covered).Count();
        // The latest first: a mark among lines that a later mark speaks of is itself not to be believed.
        for (var i = count - 1; i >= 0; i--)
        {
            if (_waiting[i].Adopted is { } adopted && !IsAdopted(_waiting[i].Sequence))
            {
                _adopted.Add(adopted);
            }
        }

        foreach (var statement in _waiting.Take(count).Where(statement => !IsAdopted(statement.Sequence)))
        {
            Dropped += statement.Dropped;
            PrunedTo = Math.Max(PrunedTo, statement.PrunedTo);
            CheckpointInterval = statement.Interval is >= 0 and <= int.MaxValue and var interval ? TimeSpan.FromMilliseconds(interval) : CheckpointInterval;
        }

        _waiting.RemoveRange(0, count);
    }

    private bool IsAdopted(long sequence) => _adopted.Exists(range => sequence >= range.From && sequence < range.To);

    private sealed record Statement(long Sequence, long Dropped, long PrunedTo, (long From, long To)? Adopted, long? Interval)
    {
        public bool SaysNothing => Dropped == 0 && PrunedTo == 0 && Adopted is null && Interval is null;

        public Statement With(Statement later) => later with
        {
            Dropped = Dropped + later.Dropped,
            PrunedTo = Math.Max(PrunedTo, later.PrunedTo),
            Adopted = (Adopted, later.Adopted) is ({ } before, { } after) ? (Math.Min(before.From, after.From), Math.Max(before.To, after.To)) : Adopted ?? later.Adopted,
            Interval = later.Interval ?? Interval,
        };
    }
}
