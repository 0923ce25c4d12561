namespace SecurityAudit.Acceptance.Tests.Layers;

/// <summary>What stands below does not need what stands on it.</summary>
public sealed class LayerTests
{
    public static TheoryData<string> Packages => [.. Repository.Packages];

    [Theory, MemberData(nameof(Packages))]
    public void NoTwoFoldersOfAPackageUseEachOther(string package)
    {
        var assembly = package == "SecurityAudit.Tool" ? "security-audit" : package;
        var pairs = FolderPairs.In([.. CompiledPackage.Uses(package, Path.Combine(AppContext.BaseDirectory, assembly + ".dll")), .. SourceUses.Of(package)]);
        Assert.True(pairs.Count == 0, $"{pairs.Count} pairs of folders of {package} use each other, expected none:\n{string.Join('\n', pairs)}");
    }

    /// <summary>Each use as <c>Folder/Type > Folder/Type</c>; <c>/Type</c> is one of the root.</summary>
    [Theory]
    [InlineData("Up/A > Down/B", null)]
    [InlineData("Up/A > Down/B, Down/C > Up/D", "Down uses Up through D (from C); Up uses Down through B (from A)")]
    [InlineData("Up/A > Up/In/B, Up/In/C > Up/D", "Up uses Up/In through B (from A); Up/In uses Up through D (from C)")]
    [InlineData("/Entry > In/A, In/A > /Contract", null)]
    [InlineData("/Entry > /Contract, /Entry > In/A, In/A > /Contract", null)]
    [InlineData("/Contract > In/A, In/B > /Contract", "In uses the root through Contract (from B); the root uses In through A (from Contract)")]
    [InlineData(
        "/Contract > /Entry, /Entry > In/A, In/B > /Contract", "In uses the root through Contract (from B); the root uses In through A (from Entry)")]
    public void FoldersThatUseEachOtherAreToldWithTheTypesThatDoIt(string uses, string? told) => Assert.Equal(
        told is null ? [] : [told],
        FolderPairs.In([.. uses.Split(", ").Select(use => use.Split(" > ")).Select(use => new TypeUse(Type(use[0]), Type(use[1])))]));

    private static SourceType Type(string path) => new(path[..path.LastIndexOf('/')], path[(path.LastIndexOf('/') + 1)..]);
}
