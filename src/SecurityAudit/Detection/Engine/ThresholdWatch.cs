namespace SecurityAudit.Detection.Engine;

/// <summary>So many events of a group within a time.</summary>
internal sealed class ThresholdWatch : ConditionWatch
{
    /// <summary>Groups at once: with two observations each some 250 bytes a group, so 2 MB.</summary>
    public const int MostGroups = 8192;

    /// <summary>Of one group no more are remembered: enough for every condition that the options allow.</summary>
    public const int MostObservations = 512;

    private readonly ThresholdCondition _condition;
    private readonly CompiledPattern _events;
    private readonly CompiledPattern? _takenBackBy;
    private readonly GroupTable _groups;
    private readonly int[] _distinct;
    private readonly int _eachAtMost;
    private readonly int _most;

    public ThresholdWatch(ThresholdCondition condition, FieldSlots slots, NamedLists lists, FrequencySketch sketch)
        : base(condition.GroupBy, slots)
    {
        _condition = condition;
        _events = new CompiledPattern(condition.Events, slots, lists);
        _takenBackBy = condition.TakenBackBy is { } pattern ? new CompiledPattern(pattern, slots, lists) : null;
        _groups = new GroupTable(MostGroups, sketch);
        _distinct = condition.Distinct is { } distinct ? [slots.Of(distinct.Field)] : [];
        _eachAtMost = condition.Distinct?.EachAtMost ?? int.MaxValue;
        _most = int.Min(int.Max(2 * condition.Count, 64), MostObservations);
        Actions = _events.Actions is { } counted && (_takenBackBy is null || _takenBackBy.Actions is not null)
            ? counted.Union(_takenBackBy?.Actions ?? [])
            : null;
    }

    public override bool IsAboutOneEvent => _condition.Count == 1;

    public override IReadOnlySet<string>? Actions { get; }

    public override long Displaced => _groups.Displaced;

    public override bool Concerns(EventView e) => _events.Matches(e);

    public override ulong ValueOf(EventView e) => _distinct.Length > 0 && e.TryHash(_distinct[0], out var value) ? value : 0;

    public override void Prepare(EventView e, long now)
    {
        if (_takenBackBy?.Matches(e) != true || !TryGroup(e, out var key) || _groups.Find(key) is not { } group)
        {
            return;
        }

        group.Remove(ValueOf(e));
        if (group.Count == 0)
        {
            _groups.Remove(group);
        }
    }

    public override Finding? Count(EventView e, ulong group, long now)
    {
        if (_distinct.Length > 0 && !e.Has(_distinct[0]))
        {
            return null; // nothing to tell it apart by
        }

        if (_condition.Count == 1 && _distinct.Length == 0)
        {
            return Finding.Of(e);
        }

        var oldest = now - _condition.Within.Ticks;
        if (_groups.FindOrAdd(group, oldest) is not { } watched)
        {
            return null;
        }

        watched.Expire(oldest);
        watched.Add(new Observation(now, ValueOf(e), e.Weight, e.Stamp, e.Id), _eachAtMost, _most);
        if (watched.Weight < _condition.Count || watched.Distinct < (_condition.Distinct?.Count ?? 0))
        {
            return null;
        }

        _groups.Remove(watched);
        return Found(watched);
    }

    public override void Review(long now) => _groups.Expire(now - _condition.Within.Ticks);

    private static Finding Found(WatchedGroup group)
    {
        var (first, last) = (long.MaxValue, 0L);
        foreach (var observation in group.Observations)
        {
            (first, last) = (long.Min(first, observation.Stamp), long.Max(last, observation.Stamp));
        }

        var ids = new List<Guid>(Finding.MostEventIds);
        foreach (var observation in group.Observations[int.Max(0, group.Count - Finding.MostEventIds)..])
        {
            if (observation.Id != Guid.Empty)
            {
                ids.Add(observation.Id);
            }
        }

        return new Finding(group.Weight, group.Distinct, first, last, ids);
    }
}
