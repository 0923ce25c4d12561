namespace SecurityAudit.Acceptance.Tests;

/// <summary>The driver, with the packed package published as one file: there Serilog finds no assembly by itself.</summary>
public sealed class SingleFileTests(PackedPackages packages) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("single-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ASingleFileApplicationWithASectionOfSinksStartsAndSaysWhatToName()
    {
        var program = await PublishAsync();

        await using (var app = await ServedApp.StartExecutableAsync(Content("unnamed"), program, "--SecurityAudit:Serilog:WriteTo:0:Name=Console"))
        {
            await app.UntilAsync(
                () => app.Said.Contains("\"Using\": [ \"Serilog.Sinks.Console\" ]", StringComparison.Ordinal), "the line that says what to name");
        }

        // With the assembly named the events come, and nothing is complained about.
        await using var named = await ServedApp.StartExecutableAsync(
            Content("named"), program, "--SecurityAudit:Serilog:Using:0=Serilog.Sinks.Console", "--SecurityAudit:Serilog:WriteTo:0:Name=Console");
        await named.UntilAsync(() => named.Said.Contains(" INF] ", StringComparison.Ordinal), "an event on the console");
        Assert.DoesNotContain("could not be made", named.Said, StringComparison.Ordinal);
    }

    private string Content(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    private async Task<string> PublishAsync()
    {
        var project = Directory.CreateDirectory(Path.Combine(_folder, "project")).FullName;
        var published = Path.Combine(_folder, "published");
        packages.WriteConfiguration(project);
        await File.WriteAllTextAsync(
            Path.Combine(project, "SecurityAudit.Driver.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                <FrameworkReference Include="Microsoft.AspNetCore.App" />
                <PackageReference Include="SecurityAudit" Version="{PackedPackages.Version}" />
                <Compile Include="{Repository.PathOf("tests", "SecurityAudit.Driver")}/*.cs" />
              </ItemGroup>
            </Project>
            """,
            TestContext.Current.CancellationToken);
        await ProcessRun.SucceedAsync(
            project, "dotnet", "publish", "--output", published, "-p:PublishSingleFile=true", "-p:SelfContained=false", "-v", "q", "-nologo");
        return Path.Combine(published, "SecurityAudit.Driver" + (OperatingSystem.IsWindows() ? ".exe" : ""));
    }
}
