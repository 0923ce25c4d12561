namespace SecurityAudit.Acceptance.Tests.Layers;

/// <summary>
/// The folders of a package that use each other. A folder and one inside it are two folders like any others. The root is what applications touch, so it holds both
/// what all folders use and what uses them all: there, each type is judged alone, with the types of the root that it uses.
/// </summary>
internal static class FolderPairs
{
    /// <summary>How many of the uses of one folder by another are told; the rest is a number.</summary>
    private const int Told = 12;

    public static IReadOnlyList<string> In(IReadOnlyList<TypeUse> uses)
    {
        var between = uses.Where(use => use.From.Folder != use.To.Folder).ToLookup(use => (From: use.From.Folder, To: use.To.Folder));
        var folders = between.Select(pair => pair.Key).Where(pair => string.CompareOrdinal(pair.From, pair.To) < 0 && pair.From.Length > 0)
            .Where(pair => between.Contains((pair.To, pair.From)))
            .Select(pair => Tell(pair.From, pair.To, [.. between[pair]], [.. between[(pair.To, pair.From)]]));
        var root = uses.Where(use => use.From.Folder.Length == 0 && use.To.Folder.Length == 0).ToLookup(use => use.From, use => use.To);
        var faces = between.Select(pair => pair.Key).Where(pair => pair.To.Length == 0).Select(pair => pair.From).Order(StringComparer.Ordinal)
            .Select(folder => (Folder: folder, Used: between[(folder, "")].Where(use => Reached(use.To, root).Overlaps(Back(folder))).ToList()))
            .Where(face => face.Used.Count > 0)
            .Select(face => Tell(
                face.Folder, "the root", face.Used,
                [.. between[("", face.Folder)].Where(use => face.Used.Exists(used => Reached(used.To, root).Contains(use.From)))]));
        return [.. folders.Concat(faces).Order(StringComparer.Ordinal)];

        IEnumerable<SourceType> Back(string folder) => between[("", folder)].Select(use => use.From);
    }

    private static HashSet<SourceType> Reached(SourceType from, ILookup<SourceType, SourceType> uses)
    {
        var reached = new HashSet<SourceType> { from };
        var open = new Stack<SourceType>(reached);
        while (open.TryPop(out var type))
        {
            uses[type].Where(reached.Add).ToList().ForEach(open.Push);
        }

        return reached;
    }

    private static string Tell(string one, string other, List<TypeUse> there, List<TypeUse> back) =>
        $"{one} uses {other} through {Tell(there)}; {other} uses {one} through {Tell(back)}";

    private static string Tell(List<TypeUse> uses) => string.Join(", ", uses
        .GroupBy(use => use.To.Name, use => use.From.Name, StringComparer.Ordinal).OrderBy(type => type.Key, StringComparer.Ordinal).Take(Told)
        .Select(type => $"{type.Key} (from {string.Join(", ", type.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))})"))
        + (uses.DistinctBy(use => use.To).Count() - Told is > 0 and var more ? $" and {more} more" : "");
}
