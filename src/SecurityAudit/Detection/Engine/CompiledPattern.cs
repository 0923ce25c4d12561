using System.Collections.Immutable;
using SecurityAudit.Journal;

namespace SecurityAudit.Detection.Engine;

/// <summary>An <see cref="EventPattern"/> with the numbers of its fields and the lists of the options put in.</summary>
internal sealed class CompiledPattern
{
    private readonly (int Slot, WantedValues Wanted)[][] _alternatives;

    public CompiledPattern(EventPattern pattern, FieldSlots slots, NamedLists lists)
    {
        var alternatives = pattern.Alternatives
            .Select(fields => fields.ToImmutableSortedDictionary(field => field.Key, field => lists.Resolve(field.Value), StringComparer.Ordinal))
            .Where(fields => fields.Values.All(values => !values.IsEmpty))
            .ToArray();
        _alternatives = [.. alternatives.Select(fields => fields.Select(field => (slots.Of(field.Key), new WantedValues(field.Value))).ToArray())];
        Actions = alternatives.All(fields => fields.TryGetValue(JournalFields.Action.Name, out var actions) && !actions.Any(action => action.EndsWith('*')))
            ? [.. alternatives.SelectMany(fields => fields[JournalFields.Action.Name])]
            : null;
    }

    /// <summary>The only actions that it can match; null: any.</summary>
    public ImmutableHashSet<string>? Actions { get; }

    /// <summary>False where a list of the options that it needs is empty: nothing can match.</summary>
    public bool CanMatch => _alternatives.Length > 0;

    public bool Matches(EventView e)
    {
        foreach (var alternative in _alternatives)
        {
            if (Matches(e, alternative))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Matches(EventView e, (int Slot, WantedValues Wanted)[] fields)
    {
        foreach (var (slot, wanted) in fields)
        {
            if (!e.Holds(slot, wanted))
            {
                return false;
            }
        }

        return true;
    }
}
