namespace SecurityAudit.Detection.Engine;

/// <summary>Again, after a long time without.</summary>
internal sealed class AbsenceWatch(AbsenceCondition condition, FieldSlots slots, NamedLists lists) : ConditionWatch(condition.GroupBy, slots)
{
    private readonly CompiledPattern _events = new(condition.Events, slots, lists);

    public override IReadOnlySet<string>? Actions => _events.Actions;

    public override History History { get; } = new();

    public override bool Concerns(EventView e) => _events.Matches(e);

    public override Finding? Count(EventView e, ulong group, long now)
    {
        var last = History.Find(group) is [var seen, ..] ? seen.At : 0;
        History.Saw(group, 0, now);
        return last > 0 && now - last > condition.LongerThan.Ticks ? Finding.Of(e, (e.Timestamp?.UtcTicks ?? now) - (now - last)) : null;
    }
}
