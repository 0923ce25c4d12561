using System.Buffers.Binary;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SecurityAudit.Acceptance.Tests;

/// <summary>What stands between the source and whoever installs a package.</summary>
public sealed partial class SupplyChainTests(PackedPackages packages)
{
    public static TheoryData<string> Workflows => [.. Directory.GetFiles(Repository.PathOf(".github", "workflows")).Select(Path.GetFileName).OfType<string>()];

    public static TheoryData<string> Packages => [.. Repository.Packages];

    [Theory, MemberData(nameof(Workflows))]
    public void EveryActionIsPinnedByItsCommitAndTheVersionStandsBesideIt(string workflow)
    {
        var uses = Read(workflow).Where(line => line.Contains("uses:", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(PinnedAction(), line));
    }

    [Theory, MemberData(nameof(Workflows))]
    public void NoWorkflowHoldsASecretOrMoreThanReadingByDefault(string workflow)
    {
        var lines = Read(workflow);

        Assert.DoesNotContain(lines, line => line.Contains("secrets.", StringComparison.Ordinal));
        var permissions = Array.IndexOf(lines, "permissions:");
        Assert.True(
            lines.Contains("permissions: {}") || (permissions >= 0 && lines[permissions + 1] == "  contents: read"),
            "expected permissions for the whole workflow: none, or contents: read");
        Assert.Equal(
            lines.Count(line => line.Contains("actions/checkout@", StringComparison.Ordinal)),
            lines.Count(line => line.Contains("persist-credentials: false", StringComparison.Ordinal)));
    }

    [Fact]
    public void WhatMayPublishRunsNothingOfTheRepository()
    {
        var jobs = string.Join('\n', Read("publish.yml")).Split("\n  publish:\n");

        Assert.Contains("dotnet pack", jobs[0], StringComparison.Ordinal);
        Assert.DoesNotContain(": write", jobs[0], StringComparison.Ordinal);
        Assert.DoesNotContain("checkout", jobs[1], StringComparison.Ordinal);
        Assert.DoesNotContain(".ci/run", jobs[1], StringComparison.Ordinal);
        Assert.Contains("NuGet/login@", jobs[1], StringComparison.Ordinal);
        Assert.Contains("attest-build-provenance@", jobs[1], StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Packages))]
    public void APackageBringsItsIconAndItsChangelog(string package)
    {
        var icon = packages.Read(package, packages.Manifest(package).Element("icon")!.Value);
        Assert.Equal("PNG\r\n\x1a\n"u8.ToArray(), icon[1..8]);
        Assert.Equal((128, 128), (BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20))));
        Assert.InRange(icon.Length, 200, 20_000);
        Assert.Contains("CHANGELOG.md", packages.Manifest(package).Element("releaseNotes")!.Value, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Repository.PathOf("src", "CHANGELOG.md")), packages.Read(package, "CHANGELOG.md"));
    }

    [Fact]
    public void VulnerabilitiesAreAuditedAndFailOnlyWhereThatIsAsked()
    {
        var properties = XDocument.Load(Repository.PathOf("Directory.Build.props")).Root!.Descendants().Where(element => !element.HasElements).ToList();

        Assert.DoesNotContain(properties, property => property.Name.LocalName == "NuGetAudit");
        Assert.Equal("all", Assert.Single(properties, property => property.Name.LocalName == "NuGetAuditMode").Value);
        Assert.Contains(Read("ci.yml"), line => line.Contains("-p:FailOnVulnerablePackage=true", StringComparison.Ordinal));
    }

    private static string[] Read(string workflow) => File.ReadAllLines(Repository.PathOf(".github", "workflows", workflow));

    [GeneratedRegex("uses: [A-Za-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9]+\\.[0-9]+\\.[0-9]+$", RegexOptions.NonBacktracking)]
    private static partial Regex PinnedAction();
}
