namespace SecurityAudit.Detection.Engine;

/// <summary>A value that its group has not had within a time, though it had others.</summary>
internal sealed class NewValueWatch(NewValueCondition condition, FieldSlots slots, NamedLists lists) : ConditionWatch(condition.GroupBy, slots)
{
    private readonly CompiledPattern _events = new(condition.Events, slots, lists);
    private readonly int _field = slots.Of(condition.Field);

    public override IReadOnlySet<string>? Actions => _events.Actions;

    public override History History { get; } = new();

    public override bool Concerns(EventView e) => _events.Matches(e);

    public override Finding? Count(EventView e, ulong group, long now)
    {
        if (!e.Has(_field) || !e.TryHash(_field, out var value))
        {
            return null;
        }

        var oldest = now - condition.Within.Ticks;
        var (hasOthers, isKnown) = (false, false);
        foreach (var seen in History.Find(group))
        {
            hasOthers |= seen.At >= oldest;
            isKnown |= seen.At >= oldest && seen.Value == value;
        }

        History.Saw(group, value, now);
        return hasOthers && !isKnown ? Finding.Of(e) : null;
    }
}
