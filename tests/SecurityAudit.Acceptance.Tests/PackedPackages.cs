using System.IO.Compression;
using System.Xml.Linq;

[assembly: AssemblyFixture(typeof(SecurityAudit.Acceptance.Tests.PackedPackages))]

namespace SecurityAudit.Acceptance.Tests;

/// <summary>All packages, packed once for all tests into a feed of their own.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);

    public const string Version = "0.0.0-acceptance";

    public string Folder { get; } = Directory.CreateTempSubdirectory("security-audit-packages-").FullName;

    public string Feed => Path.Combine(Folder, "feed");

    /// <summary>
    /// Where the packages are unpacked: not among the user's, where those of an earlier run with the same version would be found.
    /// </summary>
    public string PackagesCache => Path.Combine(Folder, "packages");

    public async ValueTask InitializeAsync()
    {
        // The analyzers have seen these very sources when these tests were built; in Release they see them where the packages of a release are made.
        await ProcessRun.SucceedAsync(
            Repository.Root, "dotnet", "pack", "SecurityAudit.sln", "--configuration", "Release", "--output", Feed, $"-p:MinVerVersionOverride={Version}",
            "-p:NuGetAudit=false", "-p:RunAnalyzers=false", "-v", "q", "-nologo");
        foreach (var file in Directory.GetFiles(Feed, "*.nupkg"))
        {
            _files.Add(Path.GetFileName(file)[..^($".{Version}.nupkg".Length)], file);
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    public IEnumerable<string> Ids => _files.Keys.Order(StringComparer.Ordinal);

    public IReadOnlyList<string> EntriesOf(string package)
    {
        using var archive = ZipFile.OpenRead(_files[package]);
        return [.. archive.Entries.Select(entry => entry.FullName)];
    }

    public byte[] Read(string package, string entry) => Read(_files[package], path => path == entry);

    public byte[] ReadSymbols(string package, string entry) => Read(Path.ChangeExtension(_files[package], ".snupkg"), path => path == entry);

    public XElement Manifest(string package)
    {
        var manifest = XDocument.Load(new MemoryStream(Read(_files[package], path => path.EndsWith(".nuspec", StringComparison.Ordinal)))).Root!;
        foreach (var element in manifest.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName; // the namespace changes with what a manifest contains
        }

        return manifest.Element("metadata")!;
    }

    /// <summary>A NuGet.config beside an application: the packages of this build, and whatever feeds the user has.</summary>
    public void WriteConfiguration(string directory) => File.WriteAllText(
        Path.Combine(directory, "NuGet.config"),
        $"""
        <configuration>
          <config><add key="globalPackagesFolder" value="{PackagesCache}" /></config>
          <packageSources><add key="here" value="{Feed}" /></packageSources>
          <fallbackPackageFolders><add key="user" value="{UserPackages}" /></fallbackPackageFolders>
        </configuration>
        """);

    private static string UserPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static byte[] Read(string file, Func<string, bool> wanted)
    {
        using var archive = ZipFile.OpenRead(file);
        using var content = archive.Entries.Single(entry => wanted(entry.FullName)).Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }
}
