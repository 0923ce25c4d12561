using System.Text.Json.Nodes;
using SecurityAudit.Acceptance.Tests;

namespace SecurityAudit.Journal.Tests.Upgrade;

/// <summary>A copy of folders under <c>tests/Upgrade</c>, with the modes that git does not keep.</summary>
internal sealed class UpgradedFiles : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("upgrade-");

    /// <param name="of">The folder whose folders they are: none is <c>tests/Upgrade</c> itself.</param>
    /// <param name="folders">Which.</param>
    public UpgradedFiles(string of, params string[] folders)
    {
        foreach (var folder in folders)
        {
            var from = Repository.PathOf("tests", "Upgrade", of, folder);
            foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            {
                var target = System.IO.Path.Combine(Path, folder, System.IO.Path.GetRelativePath(from, file));
                Disk.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
                File.Copy(file, target);
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                }
            }
        }
    }

    public string Path => _root.FullName;

    /// <summary>The members of a JSON file, those within others behind a dot, in the order of the alphabet; of a list, those of its first element.</summary>
    public static IReadOnlyList<string> Members(string path) => [.. Members(JsonNode.Parse(File.ReadAllBytes(path)), "").Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Members(JsonNode? node, string name) => node switch
    {
        JsonObject inner => inner.SelectMany(member => Members(member.Value, $"{name}.{member.Key}").Prepend($"{name}.{member.Key}")),
        JsonArray { Count: > 0 } list => Members(list[0], name),
        _ => [],
    };

    public void Dispose() => _root.Delete(recursive: true);
}
