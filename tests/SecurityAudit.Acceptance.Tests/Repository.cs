namespace SecurityAudit.Acceptance.Tests;

/// <summary>The repository that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The packages that are published.</summary>
    public static IEnumerable<string> Packages => Directory.EnumerateDirectories(PathOf("src")).Select(Path.GetFileName).OfType<string>()
        .Where(name => File.Exists(PathOf("src", name, name + ".csproj"))).Order(StringComparer.Ordinal);

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "SecurityAudit.sln")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException($"No SecurityAudit.sln above {AppContext.BaseDirectory}.");
        }

        return directory;
    }
}
