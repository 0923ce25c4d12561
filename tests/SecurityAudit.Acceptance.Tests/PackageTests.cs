using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace SecurityAudit.Acceptance.Tests;

public sealed class PackageTests(PackedPackages packages)
{
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    public static TheoryData<string> Packages => [.. Repository.Packages];

    [Fact]
    public void EveryPackageOfTheRepositoryIsPackedAndNothingElse() => Assert.Equal(Repository.Packages, packages.Ids);

    [Theory, MemberData(nameof(Packages))]
    public void APackageSaysWhatItIsAndUnderWhichLicence(string package)
    {
        var manifest = packages.Manifest(package);

        Assert.Equal("Apache-2.0", manifest.Element("license")!.Value);
        Assert.Equal("README.md", manifest.Element("readme")!.Value);
        Assert.True(manifest.Element("description")!.Value.Length > 40);
        Assert.NotNull(manifest.Element("tags"));
        Assert.Equal("git", manifest.Element("repository")!.Attribute("type")!.Value);
        Assert.Matches("^[0-9a-f]{40}$", manifest.Element("repository")!.Attribute("commit")!.Value);
        Assert.StartsWith("# ", Encoding.UTF8.GetString(packages.Read(package, "README.md")), StringComparison.Ordinal);
    }

    public static TheoryData<string> Libraries => [.. Repository.Packages.Where(package => package != "SecurityAudit.Tool")];

    [Theory, MemberData(nameof(Libraries))]
    public async Task ALibraryIsHeldAgainstWhatItOfferedBefore(string package)
    {
        var baseline = (await ProcessRun.SucceedAsync(
            Repository.Root, "dotnet", "msbuild", Repository.PathOf("src", package, package + ".csproj"), "-getProperty:PackageValidationBaselinePath")).Trim();

        Assert.Equal(Repository.PathOf("src", "baseline", package + ".nupkg"), baseline);
        using var archive = System.IO.Compression.ZipFile.OpenRead(baseline);
        Assert.NotNull(archive.GetEntry($"lib/net10.0/{package}.dll"));
    }

    [Theory, MemberData(nameof(Packages))]
    public void APackagesSymbolsAreThereDeterministicAndLinkedToTheirSource(string package)
    {
        var assembly = AssemblyIn(package);
        using var portable = new PEReader(new MemoryStream(packages.Read(package, assembly)));
        Assert.Contains(portable.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);

        using var symbols = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(packages.ReadSymbols(package, Path.ChangeExtension(assembly, ".pdb"))));
        var reader = symbols.GetMetadataReader();
        var link = reader.CustomDebugInformation
            .Select(reader.GetCustomDebugInformation)
            .Where(information => reader.GetGuid(information.Kind) == SourceLink)
            .Select(information => Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value)))
            .SingleOrDefault();

        // Source link needs to know the repository's address, which a clone of a folder does not have.
        if (IsClonedFromTheWeb())
        {
            Assert.Contains("raw.githubusercontent.com", link, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("SecurityAudit.Journal")]
    [InlineData("SecurityAudit", "SecurityAudit.Journal", "Serilog.AspNetCore", "System.IO.Hashing")]
    [InlineData("SecurityAudit.Shipping", "SecurityAudit.Journal")]
    [InlineData("SecurityAudit.Elasticsearch", "SecurityAudit", "SecurityAudit.Shipping")]
    [InlineData("SecurityAudit.Email", "MailKit", "SecurityAudit")]
    public void APackageDependsOnNothingElse(string package, params string[] expected) =>
        Assert.Equal(expected, Dependencies(package));

    [Theory]
    [InlineData("SecurityAudit.Journal")]
    [InlineData("SecurityAudit")]
    [InlineData("SecurityAudit.Shipping")]
    [InlineData("SecurityAudit.Elasticsearch")]
    [InlineData("SecurityAudit.Email")]
    public void ALibraryBringsItsDocumentation(string package) =>
        Assert.Contains($"lib/net10.0/{package}.xml", packages.EntriesOf(package));

    [Fact]
    public void TheToolIsTheCommandSecurityAudit()
    {
        Assert.Equal("DotnetTool", packages.Manifest("SecurityAudit.Tool").Element("packageTypes")!.Element("packageType")!.Attribute("name")!.Value);
        var settings = XDocument.Load(new MemoryStream(packages.Read("SecurityAudit.Tool", "tools/net10.0/any/DotnetToolSettings.xml")));
        Assert.Equal("security-audit", settings.Descendants("Command").Single().Attribute("Name")!.Value);
    }

    private string AssemblyIn(string package) => package == "SecurityAudit.Tool" ? "tools/net10.0/any/security-audit.dll" : $"lib/net10.0/{package}.dll";

    private IEnumerable<string> Dependencies(string package) =>
        (packages.Manifest(package).Element("dependencies")?.Descendants("dependency") ?? []).Select(d => d.Attribute("id")!.Value).Order(StringComparer.Ordinal);

    private static bool IsClonedFromTheWeb() =>
        File.Exists(Repository.PathOf(".git", "config")) && File.ReadAllText(Repository.PathOf(".git", "config")).Contains("url = https://github.com/", StringComparison.Ordinal);
}
