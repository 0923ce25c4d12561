using SecurityAudit.Capture;

namespace SecurityAudit.Detection.Engine;

/// <summary>
/// What a condition remembers of each group for weeks: values and when they were seen last. Bounded; the group that was least recently seen
/// is forgotten, and then nothing is said of it.
/// </summary>
internal sealed class History
{
    /// <summary>Accounts, say: some 8 MB with one value each.</summary>
    public const int MostGroups = 40_000;

    /// <summary>Values of one group; the one that was seen longest ago makes room.</summary>
    public const int MostValues = 16;

    private readonly BoundedTable<ulong, Known> _groups = new(MostGroups);

    /// <summary>Is there something that the file does not have?</summary>
    public bool HasChanged { get; set; }

    /// <summary>All of it, for the file: of each group its values, what was least recently seen first.</summary>
    public IEnumerable<(ulong Group, ulong Value, long At)> All =>
        _groups.All.SelectMany(group => group.Value.Seen.Select(seen => (group.Key, seen.Value, seen.At)));

    /// <summary>Values with the time, in ticks, at which each was seen last; none for a group that is not known.</summary>
    public ReadOnlySpan<(ulong Value, long At)> Find(ulong group) => _groups.TryGet(group, out var known) ? known.Seen : [];

    public void Saw(ulong group, ulong value, long at)
    {
        HasChanged = true;
        if (!_groups.TryGet(group, out var known))
        {
            known = new Known();
            _groups.Set(group, known);
        }

        known.Saw(value, at);
    }

    private sealed class Known
    {
        public (ulong Value, long At)[] Seen { get; private set; } = [];

        public void Saw(ulong value, long at)
        {
            var place = Array.FindIndex(Seen, seen => seen.Value == value);
            if (place < 0 && Seen.Length < MostValues)
            {
                Seen = [.. Seen, (value, at)];
                return;
            }

            if (place < 0)
            {
                place = Array.IndexOf(Seen, Seen.MinBy(seen => seen.At));
            }

            Seen[place] = (value, Seen[place].Value == value ? long.Max(at, Seen[place].At) : at);
        }
    }
}
