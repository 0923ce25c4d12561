using System.Text.RegularExpressions;

namespace SecurityAudit.Acceptance.Tests.Layers;

/// <summary>
/// What the compiler forgets, where a namespace is a folder: a file that names another folder's namespace uses that folder, be it for a constant or a
/// <c>nameof</c>.
/// </summary>
internal static partial class SourceUses
{
    public static IReadOnlyList<TypeUse> Of(string package)
    {
        var root = Repository.PathOf("src", package);
        return
        [
            .. from file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
               let folder = (Path.GetDirectoryName(Path.GetRelativePath(root, file)) ?? "").Replace('\\', '/')
               where !folder.StartsWith("obj", StringComparison.Ordinal) && !folder.StartsWith("bin", StringComparison.Ordinal)
               from name in Using().Matches(File.ReadAllText(file)).Select(line => line.Groups["name"].Value)
               where name.StartsWith(package + ".", StringComparison.Ordinal)
               let used = name[(package.Length + 1)..].Replace('.', '/')
               where Directory.Exists(Path.Combine(root, used))
               select new TypeUse(new SourceType(folder, Path.GetFileNameWithoutExtension(file).Split('.')[0]), new SourceType(used, "its namespace")),
        ];
    }

    [GeneratedRegex(@"^using (static )?(?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Using();
}
