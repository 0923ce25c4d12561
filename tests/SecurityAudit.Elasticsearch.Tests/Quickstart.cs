using System.Diagnostics;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>The sample, built beside these tests, as a newcomer runs it.</summary>
internal static class Quickstart
{
    public static string Repository { get; } = FindRepository();

    /// <summary>One visit to the shop, in a folder of its own.</summary>
    public static async Task VisitAsync(string content, IReadOnlyDictionary<string, string>? environment = null)
    {
        var output = Path.GetRelativePath(Path.Combine(Repository, "tests", "SecurityAudit.Elasticsearch.Tests"), AppContext.BaseDirectory);
        File.Copy(Path.Combine(Repository, "samples", "Quickstart", "appsettings.json"), Path.Combine(content, "appsettings.json"));
        Directory.CreateDirectory(Path.Combine(content, "wwwroot"));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Repository, "samples", "Quickstart", output, "Quickstart.dll"), "--once"])
        {
            WorkingDirectory = content,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var said = await process.StandardOutput.ReadToEndAsync(bound.Token);
        await process.WaitForExitAsync(bound.Token);
        Assert.True(process.ExitCode == 0, said);
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SecurityAudit.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not stand in the repository.");
        }

        return folder.FullName;
    }
}
