using SecurityAudit.Detection.Engine;

namespace SecurityAudit.Elasticsearch.AcrossNodes;

/// <summary>
/// Takes what the rules find in the events of all nodes, and records each attack once, unless a node has told it or it was told before.
/// </summary>
/// <remarks>Alerts are held until the end of a pass: until then it may turn out that a node has told the same attack.</remarks>
internal sealed class FoundAttacks(EventQueries queries, ToldAttacks told, IAlertRecord record) : IAlertReceiver
{
    private readonly Dictionary<Attack, (SecurityEvent Alert, DateTimeOffset At)> _pending = [];
    private readonly List<Attack> _overBeforeTold = [];
    private readonly HashSet<string> _ours = new(StringComparer.Ordinal);
    private readonly Queue<(Attack Attack, SecurityEvent Alert)> _raised = [];
    private bool _echoes;

    /// <summary>False while events are read that only prepare what follows: what they show was told, or is too old.</summary>
    public bool Tells { get; set; }

    /// <summary>The raised alerts that were recorded, or are only on trial, since the last call.</summary>
    public List<(SecurityEvent Alert, bool IsTrial)> Told { get; } = [];

    /// <summary>The event that the engine takes into account.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>Everything is read again: what was found and not told is found again.</summary>
    public void Begin()
    {
        _pending.Clear();
        _raised.Clear();
        _overBeforeTold.Clear();
        Tells = false;
    }

    public void Raised(Attack attack, Finding finding)
    {
        var alert = AlertEvents.Raised(attack, finding, queries);
        if (Tells)
        {
            _pending[attack] = (alert, At);
        }
        else if (told.Open(attack.Watch.Rule.Id, attack.Condition, attack.Subject.Group) is { } id)
        {
            attack.Id = id;
            _ours.Add(id);
        }

        _raised.Enqueue((attack, alert));
    }

    public void WasTold(Attack attack)
    {
        if (!_echoes)
        {
            _pending.Remove(attack);
        }
    }

    /// <summary>The next line that the engine reads is an alert of ours.</summary>
    public void IsOurs(ToldAttack attack) => _ours.Add(attack.Id);

    public void Summed(Attack attack, Finding since)
    {
        if (IsTold(attack))
        {
            Record(attack, AlertEvents.Summed(attack, since, queries));
        }
    }

    public void Resolved(Attack attack)
    {
        if (_pending.ContainsKey(attack))
        {
            _overBeforeTold.Add(attack);
        }
        else if (IsTold(attack) && !told.IsResolved(attack.Id))
        {
            Record(attack, AlertEvents.Resolved(attack, queries));
            _ours.Remove(attack.Id);
        }
    }

    /// <summary>
    /// Lets rules see that an attack was found, as they see it in a node's journal: one may count such alerts.
    /// </summary>
    public void Echo(Action<ReadOnlyMemory<byte>> observe)
    {
        _echoes = true;
        while (_raised.TryDequeue(out var found))
        {
            observe(ToldAttack.LineOf(found.Attack, found.Alert, At));
        }

        _echoes = false;
    }

    /// <summary>
    /// What became clear up to a moment and nobody has told is told: a node that saw it for itself has had the time. What cannot be
    /// recorded waits.
    /// </summary>
    public void Tell(DateTimeOffset until)
    {
        foreach (var (attack, (alert, at)) in _pending.Where(pending => pending.Value.At <= until).ToList())
        {
            if (!Record(attack, alert))
            {
                continue;
            }

            _pending.Remove(attack);
            _ours.Add(attack.Id);
            Told.Add((alert, attack.Watch.Rule.DryRun));
            if (_overBeforeTold.Remove(attack))
            {
                Resolved(attack);
            }
        }
    }

    private bool IsTold(Attack attack) => _ours.Contains(attack.Id) && !_pending.ContainsKey(attack);

    private bool Record(Attack attack, SecurityEvent alert)
    {
        if (!attack.Watch.Rule.DryRun && !record.TryRecord(alert))
        {
            return false;
        }

        told.Add(ToldAttack.Of(attack, alert));
        return true;
    }
}
