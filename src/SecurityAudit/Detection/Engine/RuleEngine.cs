using System.IO.Hashing;
using System.Text;

namespace SecurityAudit.Detection.Engine;

/// <summary>
/// All rules over the lines of a journal, in their order. One thread; memory bounded whatever is sent; nothing is allocated for a line that
/// no rule looks at.
/// </summary>
internal sealed class RuleEngine
{
    private readonly EventView _event;
    private readonly RuleWatch[] _ofAnyAction;
    private readonly Dictionary<string, RuleWatch[]> _byAction = new(new ActionComparer());
    private readonly Dictionary<string, RuleWatch[]>.AlternateLookup<ReadOnlySpan<byte>> _byActionBytes;
    private readonly Dictionary<string, RuleWatch> _byId;
    private readonly AlertReader _alerts;
    private readonly List<RuleWatch> _raised = [];
    private readonly Action<RuleWatch, Exception> _failed;

    /// <param name="rules">The rules that are on.</param>
    /// <param name="lists">The lists that they name.</param>
    /// <param name="exceptions">Of all rules.</param>
    /// <param name="resolver">Where addresses are; null where nobody knows.</param>
    /// <param name="seed">Of the hashes: random, and kept with what is remembered by them.</param>
    /// <param name="failed">Hears of a rule that throws; the others go on.</param>
    public RuleEngine(
        IEnumerable<DetectionRule> rules, NamedLists lists, RuleExceptions exceptions, ILocationResolver? resolver, long seed, Action<RuleWatch, Exception> failed)
    {
        _failed = failed;
        var slots = new FieldSlots();
        var sketch = new FrequencySketch();
        var subjects = new SubjectReader(slots);
        _alerts = new AlertReader(slots);
        Watches = [.. rules.Select(rule => new RuleWatch(
            rule, [.. rule.When.Select(WatchOf).OfType<ConditionWatch>()], new ExceptedEvents([exceptions, rule.Exceptions], slots), subjects))];
        _event = new EventView(slots, seed);
        _ofAnyAction = [.. Watches.Where(watch => watch.Actions is null)];
        foreach (var action in Watches.SelectMany(watch => watch.Actions ?? new HashSet<string>()).Distinct(StringComparer.Ordinal))
        {
            _byAction[action] = [.. Watches.Where(watch => watch.Actions?.Contains(action) != false)];
        }

        _byActionBytes = _byAction.GetAlternateLookup<ReadOnlySpan<byte>>();
        _byId = Watches.ToDictionary(watch => watch.Rule.Id, StringComparer.Ordinal);

        ConditionWatch? WatchOf(RuleCondition condition) => condition switch
        {
            ThresholdCondition threshold => new ThresholdWatch(threshold, slots, lists, sketch),
            SequenceCondition sequence => new SequenceWatch(sequence, slots, lists),
            NewValueCondition newValue => new NewValueWatch(newValue, slots, lists),
            AbsenceCondition absence => new AbsenceWatch(absence, slots, lists),
            TravelCondition travel => resolver is null ? null : new TravelWatch(travel, slots, lists, resolver, failure => ResolverFailed(failure)),
            _ => throw new InvalidOperationException($"No watch for {condition.GetType().Name}."),
        };
    }

    public IReadOnlyList<RuleWatch> Watches { get; }

    /// <summary>How far back events are to be read so that the rules know what they would have known.</summary>
    public TimeSpan Reach => TimeSpan.FromTicks(Watches.Select(watch => long.Max(watch.Rule.Longest.Ticks, watch.Quiet)).DefaultIfEmpty().Max());

    /// <summary>Takes the next line into account. The time is the detection's own (<see cref="JournalClock"/>).</summary>
    /// <returns>True for an alert, a summary, an end of an attack.</returns>
    public bool Observe(ReadOnlyMemory<byte> line, JournalClock clock, IAlertReceiver receiver)
    {
        if (ActionOf(line.Span, out var action) && !AlertActions.IsOne(action) && !IsWanted(action))
        {
            return false;
        }

        if (!_event.Read(line))
        {
            return false;
        }

        var now = clock.Advance(_event.Timestamp);
        var isAlert = AlertActions.IsOne(_event.Action);
        if (isAlert)
        {
            ObserveAlert(now, receiver);
        }

        foreach (var watch in _byActionBytes.TryGetValue(_event.Action, out var watches) ? watches : _ofAnyAction)
        {
            try
            {
                if (watch.Observe(_event, now, receiver) && !watch.Rule.DryRun)
                {
                    _raised.Add(watch);
                }
            }
            catch (Exception failure)
            {
                _failed(watch, failure);
            }
        }

        FollowRaised(now);
        return isAlert;
    }

    /// <summary>
    /// What an alert begins is begun at once, and not when its line is read: what comes between the two lines follows the attack, too.
    /// </summary>
    private void FollowRaised(long now)
    {
        foreach (var watch in _raised)
        {
            _event.ActAs(watch.AlertAction);
            foreach (var other in _byAction.GetValueOrDefault(watch.Rule.AlertAction, _ofAnyAction))
            {
                try
                {
                    other.Prepare(_event, now);
                }
                catch (Exception failure)
                {
                    _failed(other, failure);
                }
            }
        }

        _raised.Clear();
    }

    /// <summary>What the passing of time makes due.</summary>
    public void Review(long now, IAlertReceiver receiver)
    {
        foreach (var watch in Watches)
        {
            try
            {
                watch.Review(now, receiver);
            }
            catch (Exception failure)
            {
                _failed(watch, failure);
            }
        }
    }

    private bool IsWanted(ReadOnlySpan<byte> action) => _ofAnyAction.Length > 0 || _byActionBytes.ContainsKey(action);

    private void ResolverFailed(Exception failure) => _failed(Watches.First(watch => watch.Rule.When.Any(condition => condition is TravelCondition)), failure);

    private void ObserveAlert(long now, IAlertReceiver receiver)
    {
        if (_alerts.Read(_event) is not { } alert || !_byId.TryGetValue(alert.RuleId, out var watch))
        {
            return;
        }

        try
        {
            switch (alert.Action)
            {
                case AlertActions.Summary:
                    watch.Summed(alert.Id, now);
                    break;
                case AlertActions.Resolved:
                    watch.Over(alert.Id);
                    break;
                default:
                    if (watch.Told(_event, alert.Id, alert.Condition, alert.Group, now, receiver) is { } attack)
                    {
                        receiver.WasTold(attack);
                    }

                    break;
            }
        }
        catch (Exception failure)
        {
            _failed(watch, failure);
        }
    }

    /// <summary>
    /// The action, without reading the line: a quotation mark within a text is escaped, so these bytes are the member's own. False where it
    /// has to be read.
    /// </summary>
    private static bool ActionOf(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> action)
    {
        var name = "\"event.action\":\""u8;
        var start = line.IndexOf(name);
        action = start < 0 ? default : line[(start + name.Length)..];
        var end = action.IndexOf((byte)'"');
        action = end < 0 ? default : action[..end];
        return end > 0 && !action.Contains((byte)'\\');
    }

    /// <summary>Actions as texts and as bytes of UTF-8.</summary>
    private sealed class ActionComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
    {
        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string obj) => GetHashCode(Encoding.UTF8.GetBytes(obj));

        public bool Equals(ReadOnlySpan<byte> alternate, string other) =>
            alternate.Length == other.Length && Ascii.Equals(alternate, other);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)XxHash3.HashToUInt64(alternate);

        public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);
    }
}
