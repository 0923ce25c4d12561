using System.Xml.Linq;

namespace SecurityAudit.Acceptance.Tests;

/// <summary>
/// An application of the SDK's template with the one line on a developer's desk: what is built, asked by tools and published.
/// </summary>
public sealed class DeveloperDeskTests(PackedPackages packages) : IDisposable
{
    private const string AspNetCore = "10.0.15";

    private readonly string _folder = Directory.CreateTempSubdirectory("desk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task BuildTimeOpenApiLeavesNoJournalAndWhatItAsksIsAnswered()
    {
        await NewAsync("webapi");
        Reference("Microsoft.AspNetCore.OpenApi", AspNetCore); // the one that the tool was built for
        Reference("Microsoft.Extensions.ApiDescription.Server", AspNetCore);
        Reference("SecurityAudit.Elasticsearch", PackedPackages.Version);
        // A secret that is not there when a build machine builds: the application's own start would end with it.
        AddTheLine(
            "builder.AddSecurityAudit(audit => SecurityAudit.Elasticsearch.ElasticsearchBuilderExtensions.ShipToElasticsearch(audit, "
            + "\"https://elastic.example\", shipping => { shipping.Username = \"ship\"; shipping.Password = \"\"; }));");
        Edit(
            "app.Run();",
            "app.Services.GetRequiredService<SecurityAudit.ISecurityAudit>().Record(SecurityAudit.SecurityEvents.SensitiveRead(\"seed\"));\n"
            + "app.MapHealthChecks(\"/health\");\napp.Run();");

        await ProcessRun.SucceedAsync(_folder, "dotnet", "build", "-v", "q", "-nologo");

        Assert.Contains(
            "/weatherforecast",
            await File.ReadAllTextAsync(
                Assert.Single(Directory.GetFiles(_folder, "Desk.json", SearchOption.AllDirectories)), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        AssertNoJournal();
    }

    [Fact]
    public async Task EntityFrameworksToolLeavesNoJournalThoughItsContextRecords()
    {
        await NewAsync("webapp", "--auth", "Individual");
        AddTheLine("builder.AddSecurityAudit();");
        Edit("AddDbContext<ApplicationDbContext>(options =>", "AddDbContext<ApplicationDbContext>((services, options) =>");
        Edit(
            "options.UseSqlite(connectionString));",
            "{ services.GetRequiredService<SecurityAudit.ISecurityAudit>().Record(SecurityAudit.SecurityEvents.SensitiveRead(\"seed\")); "
            + "options.UseSqlite(connectionString); });");
        await ProcessRun.SucceedAsync(_folder, "dotnet", "tool", "install", "dotnet-ef", "--version", AspNetCore, "--tool-path", "tools");

        var migrations = await ProcessRun.SucceedAsync(_folder, Path.Combine(_folder, "tools", "dotnet-ef"), "migrations", "list");
        await ProcessRun.SucceedAsync(_folder, Path.Combine(_folder, "tools", "dotnet-ef"), "database", "update", "--no-build");

        Assert.Contains("CreateIdentitySchema", migrations, StringComparison.Ordinal);
        AssertNoJournal();
    }

    [Fact]
    public async Task APublishedApplicationBringsNeitherAKeyNorALineOfTheDevelopersJournal()
    {
        await NewAsync("web");
        AddTheLine("builder.AddSecurityAudit();");
        await ProcessRun.SucceedAsync(_folder, "dotnet", "build", "-v", "q", "-nologo");
        await using (var app = await ServedApp.StartAsync(_folder, Path.Combine("bin", "Debug", "net10.0", "Desk.dll")))
        {
            await app.UntilAsync(() => File.Exists(InJournal("keys", "pseudonym.key")), "the keys");
        }

        Directory.CreateDirectory(InJournal("shipping"));
        await File.WriteAllTextAsync(InJournal("shipping", "k3f5x2ab.bookmark"), "{}", TestContext.Current.CancellationToken);

        await ProcessRun.SucceedAsync(_folder, "dotnet", "publish", "--output", "out", "-v", "q", "-nologo");

        Assert.True(File.Exists(Path.Combine(_folder, "out", "Desk.dll")));
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(Path.Combine(_folder, "out"), "*", SearchOption.AllDirectories),
            path => path.Contains("audit", StringComparison.Ordinal));
    }

    private async Task NewAsync(string template, params string[] options)
    {
        packages.WriteConfiguration(_folder);
        await ProcessRun.SucceedAsync(_folder, "dotnet", ["new", template, .. options, "--name", "Desk", "--output", "."]);
        Reference("SecurityAudit", PackedPackages.Version);
    }

    private void Reference(string package, string version)
    {
        var path = Path.Combine(_folder, "Desk.csproj");
        var project = XDocument.Load(path);
        project.Descendants("PackageReference").Where(reference => reference.Attribute("Include")!.Value == package).Remove();
        project.Root!.Add(new XElement("ItemGroup", new XElement("PackageReference", new XAttribute("Include", package), new XAttribute("Version", version))));
        project.Save(path);
    }

    private void AddTheLine(string line) => Edit("var builder = WebApplication.CreateBuilder(args);", "var builder = WebApplication.CreateBuilder(args);\n" + line);

    private void Edit(string found, string replacement)
    {
        var program = Path.Combine(_folder, "Program.cs");
        var source = File.ReadAllText(program);
        Assert.Contains(found, source, StringComparison.Ordinal);
        File.WriteAllText(program, source.Replace(found, replacement, StringComparison.Ordinal));
    }

    private string InJournal(params string[] parts) => Path.Combine([_folder, "audit", .. parts]);

    private void AssertNoJournal()
    {
        Assert.DoesNotContain(
            Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories),
            path => path.EndsWith(".jsonl", StringComparison.Ordinal) || path.EndsWith(".pem", StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(_folder, "audit")));
    }
}
