using System.Reflection;
using PublicApiGenerator;

namespace SecurityAudit.Acceptance.Tests;

public sealed class PublicSurfaceTests
{
    public static TheoryData<string> Libraries => [.. Repository.Packages.Where(package => package != "SecurityAudit.Tool")];

    [Theory, MemberData(nameof(Libraries))]
    public void ThePublicSurfaceOfAPackageIsTheApprovedOne(string package)
    {
        var surface = Assembly.Load(package).GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n");
        var file = Repository.PathOf("tests", "SecurityAudit.Acceptance.Tests", "PublicSurface", package + ".txt");
        if (Environment.GetEnvironmentVariable("APPROVE") == "1")
        {
            File.WriteAllText(file, surface);
            return;
        }

        var approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        Assert.True(approved == surface, $"The public surface of {package} is not what {file} has:\n{Difference(approved, surface)}\n"
            + "If the change is meant, approve it: APPROVE=1 dotnet test tests/SecurityAudit.Acceptance.Tests --filter PublicSurface");
    }

    [Fact]
    public void TheToolIsAProgramAndHasNoPublicSurface() => Assert.Empty(Assembly.Load("security-audit").GetExportedTypes());

    private static string Difference(string approved, string surface) => string.Join('\n',
        approved.Split('\n').Except(surface.Split('\n'), StringComparer.Ordinal).Select(line => "- " + line)
            .Concat(surface.Split('\n').Except(approved.Split('\n'), StringComparer.Ordinal).Select(line => "+ " + line)));
}
