using System.Diagnostics.CodeAnalysis;
using SecurityAudit.Capture;

namespace SecurityAudit.Detection.Engine;

/// <summary>This, then that: remembers which steps were taken, by what the next one must have in common.</summary>
internal sealed class SequenceWatch : ConditionWatch
{
    /// <summary>Begun sequences at once at each step; the oldest makes room.</summary>
    public const int MostBegun = 8192;

    private readonly Step[] _steps;
    private readonly CompiledPattern _last;
    private readonly long _within;

    public SequenceWatch(SequenceCondition condition, FieldSlots slots, NamedLists lists)
        : base([.. condition.Steps[^1].Same.Keys], slots)
    {
        _within = condition.Within.Ticks;
        _steps = [.. condition.Steps.SkipLast(1).Select((step, index) => new Step(step, condition.Steps[index + 1], slots, lists))];
        _last = new CompiledPattern(condition.Steps[^1].Events, slots, lists);
        var actions = _steps.Select(step => step.Events.Actions).Append(_last.Actions).ToList();
        Actions = actions.Contains(null) ? null : actions.SelectMany(some => some!).ToHashSet(StringComparer.Ordinal);
    }

    public override IReadOnlySet<string>? Actions { get; }

    /// <summary>The last step, with the steps before it taken.</summary>
    public override bool Concerns(EventView e) => _last.Matches(e);

    public override void Prepare(EventView e, long now)
    {
        // The later step first: one event is one step.
        for (var index = _steps.Length - 1; index >= 0; index--)
        {
            var step = _steps[index];
            if (!step.Events.Matches(e) || !TryCombine(e, step.Next, out var next))
            {
                continue;
            }

            if (index == 0)
            {
                step.Taken.Set(next, new Beginning(now, e.Stamp));
            }
            else if (TryCombine(e, step.Own, out var own) && TryFind(_steps[index - 1], own, now, out var begun))
            {
                step.Taken.Set(next, begun);
            }
        }
    }

    /// <summary>The group is what the last step has in common with the one before.</summary>
    public override Finding? Count(EventView e, ulong group, long now) => TryFind(_steps[^1], group, now, out var begun) ? Finding.Of(e, begun.Stamp) : null;

    private bool TryFind(Step step, ulong key, long now, [MaybeNullWhen(false)] out Beginning begun) => step.Taken.TryGet(key, out begun) && now - begun.At <= _within;

    /// <summary>When the first step was, by the detection's clock and by its own word.</summary>
    private sealed record Beginning(long At, long Stamp);

    private sealed class Step(SequenceStep step, SequenceStep next, FieldSlots slots, NamedLists lists)
    {
        public CompiledPattern Events { get; } = new(step.Events, slots, lists);

        /// <summary>The fields that equal those of the step before.</summary>
        public int[] Own { get; } = [.. step.Same.Keys.Select(slots.Of)];

        /// <summary>The fields that those of the next step equal.</summary>
        public int[] Next { get; } = [.. next.Same.Values.Select(slots.Of)];

        public BoundedTable<ulong, Beginning> Taken { get; } = new(MostBegun);
    }
}
