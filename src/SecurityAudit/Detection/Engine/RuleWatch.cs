using System.Text;

namespace SecurityAudit.Detection.Engine;

/// <summary>Watches for one rule: its conditions, and the attacks that it has told of.</summary>
internal sealed class RuleWatch(DetectionRule rule, IReadOnlyList<ConditionWatch> conditions, ExceptedEvents excepted, SubjectReader subjects)
{
    /// <summary>Attacks at once, some 500 bytes each; the least recently active one is then taken for over.</summary>
    public const int MostAttacks = 2048;

    private static readonly long ShortestQuiet = TimeSpan.FromMinutes(5).Ticks;
    private static readonly long LongestQuiet = TimeSpan.FromMinutes(15).Ticks;

    private readonly ConditionWatch[] _conditions = [.. conditions];
    private readonly LinkedList<Attack> _byActivity = [];
    private readonly Dictionary<(int Condition, ulong Group), LinkedListNode<Attack>> _attacks = [];

    public DetectionRule Rule { get; } = rule;

    public IReadOnlyList<ConditionWatch> Conditions => _conditions;

    /// <summary>
    /// So long without an event, and an attack is over: as long as an event counts, five minutes at least and a quarter of an hour at most, so that
    /// who begins again is told again.
    /// </summary>
    public long Quiet { get; } = long.Clamp(rule.Longest.Ticks, ShortestQuiet, LongestQuiet);

    /// <summary>The only actions that it looks at; null: any.</summary>
    public IReadOnlySet<string>? Actions { get; } = conditions.Any(condition => condition.Actions is null)
        ? null
        : conditions.SelectMany(condition => condition.Actions!).ToHashSet(StringComparer.Ordinal);

    /// <summary>The action of its alerts, in UTF-8.</summary>
    public byte[] AlertAction { get; } = Encoding.UTF8.GetBytes(rule.AlertAction);

    /// <summary>Takes an event into account; true when that raised an alert.</summary>
    public bool Observe(EventView e, long now, IAlertReceiver receiver)
    {
        if (excepted.Has(e))
        {
            return false;
        }

        Prepare(e, now);
        if (IsOfAToldAttack(e, now))
        {
            return false;
        }

        for (var index = 0; index < _conditions.Length; index++)
        {
            var condition = _conditions[index];
            if (condition.Concerns(e) && condition.TryGroup(e, out var group) && condition.Count(e, group, now) is { } finding)
            {
                var attack = Begin(Guid.CreateVersion7().ToString(), index, group, e, now, receiver);
                receiver.Raised(attack, finding);
                return true;
            }
        }

        return false;
    }

    /// <summary>What prepares or takes back, and is no part of the attack itself.</summary>
    public void Prepare(EventView e, long now)
    {
        foreach (var condition in _conditions)
        {
            condition.Prepare(e, now);
        }
    }

    /// <summary>An alert of this rule was read in the journal: that attack is told.</summary>
    public Attack? Told(EventView alert, string id, int condition, string? groupText, long now, IAlertReceiver receiver)
    {
        if (condition < 1 || condition > _conditions.Length || !_conditions[condition - 1].TryGroup(alert, out var group))
        {
            return null; // of another version of the rule
        }

        if (_conditions[condition - 1].GroupBy.Contains(Journal.JournalFields.Action.Name))
        {
            // An alert has an action of its own: by that of its events it is known from its words alone.
            var told = _byActivity.LastOrDefault(attack => attack.Condition == condition && attack.Subject.Group == groupText);
            return told is null ? null : Renamed(told, id);
        }

        var attack = _attacks.TryGetValue((condition - 1, group), out var known)
            ? known.Value
            : Begin(id, condition - 1, group, alert, now, receiver);
        return Renamed(attack, id);
    }

    private static Attack Renamed(Attack attack, string id)
    {
        attack.Id = id;
        return attack;
    }

    /// <summary>The end of an attack was read in the journal.</summary>
    public void Over(string id)
    {
        if (_byActivity.FirstOrDefault(attack => attack.Id == id) is { } attack)
        {
            Remove(attack);
        }
    }

    /// <summary>A summary was read in the journal.</summary>
    public void Summed(string id, long now) => _byActivity.FirstOrDefault(attack => attack.Id == id)?.Told(now);

    /// <summary>What the passing of time makes due.</summary>
    public void Review(long now, IAlertReceiver receiver)
    {
        foreach (var condition in _conditions)
        {
            condition.Review(now);
        }

        for (var node = _byActivity.First; node is not null;)
        {
            var (attack, next) = (node.Value, node.Next);
            if (now - attack.LastActive > Quiet)
            {
                Remove(attack);
                receiver.Resolved(attack);
            }
            else if (now - attack.ToldAt >= Rule.SummaryInterval.Ticks && attack.Since is { } since)
            {
                receiver.Summed(attack, since);
                attack.Told(now);
            }

            node = next;
        }
    }

    private bool IsOfAToldAttack(EventView e, long now)
    {
        if (_attacks.Count == 0)
        {
            return false;
        }

        for (var index = 0; index < _conditions.Length; index++)
        {
            var condition = _conditions[index];
            if (condition.Concerns(e) && condition.TryGroup(e, out var group) && _attacks.TryGetValue((index, group), out var node) && now - node.Value.LastActive <= Quiet)
            {
                if (condition.History is not null)
                {
                    condition.Count(e, group, now); // what is remembered for weeks goes on being remembered
                }

                node.Value.GoesOn(e, condition.ValueOf(e), now);
                _byActivity.Remove(node);
                _byActivity.AddLast(node);
                return true;
            }
        }

        return false;
    }

    private Attack Begin(string id, int condition, ulong group, EventView e, long now, IAlertReceiver receiver)
    {
        if (_attacks.TryGetValue((condition, group), out var before))
        {
            Remove(before.Value); // long quiet, and not looked at since
            receiver.Resolved(before.Value);
        }

        if (_attacks.Count == MostAttacks && _byActivity.First is { } least)
        {
            Remove(least.Value);
            receiver.Resolved(least.Value);
        }

        var attack = new Attack(id, this, condition + 1, group, subjects.Read(e, _conditions[condition]), now);
        _attacks.Add((condition, group), _byActivity.AddLast(attack));
        return attack;
    }

    private void Remove(Attack attack)
    {
        _attacks.Remove((attack.Condition - 1, attack.Group), out var node);
        _byActivity.Remove(node!);
    }
}
