namespace SecurityAudit.Reconciliation;

/// <summary>
/// Requests that have ended: those of which something is missing wait until whatever is still recorded at their end has been, before they
/// count as a difference. Safe for any thread.
/// </summary>
internal sealed class Differences
{
    /// <summary>More that wait count at once: they are not all late.</summary>
    private const int MostWaiting = 10_000;

    private readonly Lock _lock = new();
    private readonly long[] _expected = new long[RequestTally.Kinds];
    private readonly long[] _missing = new long[RequestTally.Kinds];
    private List<RequestTally> _before = [];
    private List<RequestTally> _since = [];

    /// <summary>How many requests wait for what may still be recorded.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _before.Count + _since.Count;
            }
        }
    }

    public void Ended(RequestTally tally)
    {
        lock (_lock)
        {
            var isShort = false;
            for (var kind = 0; kind < RequestTally.Kinds; kind++)
            {
                _expected[kind] += tally.Expected((CountedKind)kind);
                isShort |= tally.Missing((CountedKind)kind) > 0;
            }

            if (!isShort)
            {
                return;
            }

            if (_since.Count < MostWaiting)
            {
                _since.Add(tally);
            }
            else
            {
                Miss(tally);
            }
        }
    }

    /// <summary>
    /// What is still missing of the requests that ended before the last call; of all that ended, where it is the last. Each is told once.
    /// </summary>
    public IReadOnlyList<Difference> Settle(bool isLast)
    {
        lock (_lock)
        {
            _before.ForEach(Miss);
            if (isLast)
            {
                _since.ForEach(Miss);
                _since = [];
            }

            (_before, _since) = (_since, []);
            List<Difference> found = [];
            for (var kind = 0; kind < RequestTally.Kinds; kind++)
            {
                if (_missing[kind] > 0)
                {
                    found.Add(new Difference((CountedKind)kind, _expected[kind], _expected[kind] - _missing[kind]));
                }
            }

            if (found.Count > 0 || isLast)
            {
                Array.Clear(_expected);
                Array.Clear(_missing);
            }

            return found;
        }
    }

    private void Miss(RequestTally tally)
    {
        for (var kind = 0; kind < RequestTally.Kinds; kind++)
        {
            _missing[kind] += tally.Missing((CountedKind)kind);
        }
    }
}
