using SecurityAudit.Journal;

namespace SecurityAudit.Acceptance.Tests;

/// <summary>The SDK's smallest web application with the one line, compiled to machine code.</summary>
public sealed class NativeAotTests(PackedPackages packages) : IDisposable
{
    private const string Program = """
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddSecurityAudit();
        builder.Services.AddAuthentication("Cookies").AddCookie();
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/staff", () => "staff").RequireAuthorization(policy => policy.RequireRole("Staff"));
        app.Run();
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("native-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AMinimalApiCompiledToMachineCodeRecords()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && (IsThere("clang") || IsThere("gcc")) && File.Exists("/usr/include/zlib.h"),
            "Native AOT links with clang or gcc, and with zlib's library (Debian: gcc, zlib1g-dev).");
        packages.WriteConfiguration(_folder);
        await ProcessRun.SucceedAsync(_folder, "dotnet", "new", "web", "--name", "Native", "--output", ".");
        var project = await File.ReadAllTextAsync(Path.Combine(_folder, "Native.csproj"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "Native.csproj"),
            project.Replace(
                "</Project>",
                $"""
                  <PropertyGroup><PublishAot>true</PublishAot><InvariantGlobalization>true</InvariantGlobalization><TrimmerSingleWarn>false</TrimmerSingleWarn></PropertyGroup>
                  <ItemGroup><PackageReference Include="SecurityAudit" Version="{PackedPackages.Version}" /></ItemGroup>
                </Project>
                """,
                StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "Program.cs"), Program, TestContext.Current.CancellationToken);

        // The compiler works on the framework too: minutes of both cores.
        var publish = await ProcessRun.RunAsync(_folder, TimeSpan.FromMinutes(20), "dotnet", "publish", "--output", "out", "--use-current-runtime", "-v", "n", "-nologo");
        var said = publish.Output;
        Assert.True(publish.ExitCode == 0, said);

        Assert.Equal([], said.Split('\n').Where(line => line.Contains("will always throw", StringComparison.Ordinal)));
        Assert.Equal([], said.Split('\n').Where(line => line.Contains("warning IL", StringComparison.Ordinal) && line.Contains("SecurityAudit.", StringComparison.Ordinal)));
        await using (var app = await ServedApp.StartExecutableAsync(_folder, Path.Combine(_folder, "out", "Native")))
        {
            await app.GetAsync("/staff");
            await app.UntilAsync(() => Recorded().Contains("\"event.action\":\"authz_fail\"", StringComparison.Ordinal), "the denial");
        }

        Assert.Contains("role Staff", Recorded(), StringComparison.Ordinal);
        Assert.Contains("\"event.action\":\"sys_startup\"", Recorded(), StringComparison.Ordinal);
        Assert.Empty(JournalVerifier.Verify(Path.Combine(_folder, "audit")).Findings);
    }

    private string Recorded() => Directory.Exists(Path.Combine(_folder, "audit"))
        ? string.Concat(JournalDirectory.Logs(Path.Combine(_folder, "audit")).SelectMany(log => log.Segments).Select(segment => Read(segment.Path)))
        : "";

    private static string Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
}
