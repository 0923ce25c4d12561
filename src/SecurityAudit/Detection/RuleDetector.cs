namespace SecurityAudit.Detection;

/// <summary>Watches for one rule, with bounded memory: an attacker chooses names and addresses.</summary>
/// <remarks>
/// One alert for a group, then a summary for each <see cref="DetectionRule.SummaryInterval"/> in which the attack went on. Beyond the
/// limits the least recently active group is forgotten, after its summary. Time is the events' own.
/// </remarks>
internal sealed class RuleDetector(DetectionRule rule, TimeProvider time, DetectionLimits limits) : IDetector
{
    private readonly Dictionary<string, LinkedListNode<ObservedGroup>> _groups = new(StringComparer.Ordinal);
    private readonly LinkedList<ObservedGroup> _byActivity = [];
    private int _observations;

    /// <summary>How many groups are remembered.</summary>
    public int Groups => _groups.Count;

    /// <summary>How many events are remembered.</summary>
    public int Observations => _observations;

    public IReadOnlyList<Alert> Observe(SecurityEvent recorded)
    {
        if (!rule.Concerns(recorded) || rule.GroupBy.KeyOf(recorded) is not { } key || rule.Distinct.KeyOf(recorded) is not { } value)
        {
            return [];
        }

        var at = recorded.Timestamp ?? time.GetUtcNow();
        var group = Touch(key);
        List<Alert> alerts = [];
        Collect(alerts, group.Summarize(at));
        var before = group.Count;
        Collect(alerts, group.Add(new Observation(at, value, recorded.Id), recorded[rule.GroupBy.Field] as string ?? key));
        _observations += group.Count - before;
        Forget(alerts);
        return alerts;
    }

    public IReadOnlyList<Alert> Review()
    {
        var now = time.GetUtcNow();
        List<Alert> alerts = [];
        for (var node = _byActivity.First; node is not null;)
        {
            var next = node.Next;
            Collect(alerts, node.Value.Summarize(now));
            if (node.Value.IsOver(now))
            {
                Remove(node);
            }

            node = next;
        }

        return alerts;
    }

    /// <summary>The group, now the most recently active one.</summary>
    private ObservedGroup Touch(string key)
    {
        if (_groups.TryGetValue(key, out var node))
        {
            _byActivity.Remove(node);
        }
        else
        {
            node = new LinkedListNode<ObservedGroup>(new ObservedGroup(rule, key));
            _groups.Add(key, node);
        }

        _byActivity.AddLast(node);
        return node.Value;
    }

    private void Forget(List<Alert> alerts)
    {
        while ((_groups.Count > limits.Groups || _observations > limits.Observations) && _byActivity.First is { } least)
        {
            Collect(alerts, least.Value.Summary());
            Remove(least);
        }
    }

    private void Remove(LinkedListNode<ObservedGroup> node)
    {
        _observations -= node.Value.Count;
        _byActivity.Remove(node);
        _groups.Remove(node.Value.Key);
    }

    private static void Collect(List<Alert> alerts, Alert? alert)
    {
        if (alert is not null)
        {
            alerts.Add(alert);
        }
    }
}
