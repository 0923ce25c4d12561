namespace SecurityAudit.Detection.Engine;

/// <summary>Watches for one condition of a rule. Called by one thread, with the lines in their order.</summary>
internal abstract class ConditionWatch(IReadOnlyList<string> groupBy, FieldSlots slots)
{
    private readonly int[] _groupBy = [.. groupBy.Select(slots.Of)];

    /// <summary>The fields that the events of one attack have in common.</summary>
    public IReadOnlyList<string> GroupBy { get; } = groupBy;

    /// <summary>Its alerts speak of one event, so that what that event says is what they say.</summary>
    public virtual bool IsAboutOneEvent => true;

    /// <summary>The only actions that it looks at; null: any.</summary>
    public abstract IReadOnlySet<string>? Actions { get; }

    /// <summary>What prepares or takes back, and is no part of the attack itself.</summary>
    public virtual void Prepare(EventView e, long now)
    {
    }

    /// <summary>Is the event one of those that make the attack?</summary>
    public abstract bool Concerns(EventView e);

    /// <summary>Counts an event that concerns it; what it found, when that was enough.</summary>
    public abstract Finding? Count(EventView e, ulong group, long now);

    /// <summary>The group that the event belongs to; false where it lacks a field for that.</summary>
    public bool TryGroup(EventView e, out ulong group) => TryCombine(e, _groupBy, out group);

    /// <summary>In what the event differs from others of its group; 0 where that does not matter.</summary>
    public virtual ulong ValueOf(EventView e) => 0;

    /// <summary>Forgets what is over.</summary>
    public virtual void Review(long now)
    {
    }

    /// <summary>How often a group found no room, or had to make room before its time was over.</summary>
    public virtual long Displaced => 0;

    /// <summary>What it remembers beyond the reach of the journal; null where it remembers nothing so long.</summary>
    public virtual History? History => null;

    protected static bool TryCombine(EventView e, int[] fields, out ulong combined)
    {
        combined = 14695981039346656037;
        foreach (var field in fields)
        {
            if (!e.TryHash(field, out var hash))
            {
                return false;
            }

            combined = (combined ^ hash) * 0x9E3779B97F4A7C15;
            combined ^= combined >> 32;
        }

        return true;
    }
}
