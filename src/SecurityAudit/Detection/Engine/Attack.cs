namespace SecurityAudit.Detection.Engine;

/// <summary>An attack that was told: what it goes on doing is counted, summed up from time to time, and told once more when it is over.</summary>
internal sealed class Attack(string id, RuleWatch watch, int condition, ulong group, AlertSubject subject, long now)
{
    private const int MostValues = 64;

    private readonly HashSet<ulong> _values = [];
    private List<Guid> _eventIds = [];
    private long _first;
    private long _last;
    private long _since;

    /// <summary>The same in each event about it.</summary>
    public string Id { get; set; } = id;

    public RuleWatch Watch { get; } = watch;

    /// <summary>Which of the rule's conditions was met, from 1 on.</summary>
    public int Condition { get; } = condition;

    public ulong Group { get; } = group;

    public AlertSubject Subject { get; } = subject;

    public long LastActive { get; private set; } = now;

    /// <summary>When it was last told of, by the detection's clock.</summary>
    public long ToldAt { get; private set; } = now;

    /// <summary>All that was counted since it was raised.</summary>
    public long Total { get; private set; }

    public void GoesOn(EventView e, ulong value, long now)
    {
        var at = e.Stamp;
        (_first, _last) = (_since == 0 ? at : _first, at);
        (LastActive, _since, Total) = (now, _since + e.Weight, Total + e.Weight);
        if (_values.Count < MostValues)
        {
            _values.Add(value);
        }

        if (e.Id is var id && id != Guid.Empty && _eventIds.Count < Finding.MostEventIds)
        {
            _eventIds.Add(id);
        }
    }

    /// <summary>What went on since it was last told of; null for nothing.</summary>
    public Finding? Since => _since == 0 ? null : new Finding(_since, _values.Count, _first, _last, _eventIds);

    /// <summary>It was told of: what comes is counted anew.</summary>
    public void Told(long now)
    {
        (ToldAt, _since, _first, _last) = (now, 0, 0, 0);
        _values.Clear();
        _eventIds = [];
    }
}
