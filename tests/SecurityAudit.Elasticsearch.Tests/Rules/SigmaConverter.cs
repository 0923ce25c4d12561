using System.Diagnostics;

namespace SecurityAudit.Elasticsearch.Tests.Rules;

/// <summary>Sigma's own reference implementation, where it is beside the repository.</summary>
internal static class SigmaConverter
{
    private static string? Program { get; } = Find();

    public static void SkipWithoutIt()
    {
        if (Program is null)
        {
            Assert.Skip("Sigma's converter is not here: expected ../shared/sigma/convert beside the repository, or its path in SECURITY_AUDIT_SIGMA.");
        }
    }

    /// <summary>The queries, one a line, or why there are none.</summary>
    public static (int ExitCode, string[] Queries, string Error) Convert(string backend, params string[] files)
    {
        var start = new ProcessStartInfo(Program!) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[backend, .. files])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries), error.Result);
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("SECURITY_AUDIT_SIGMA") is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SecurityAudit.sln")))
            {
                var convert = Path.Combine(folder.Parent?.FullName ?? "/", "shared", "sigma", "convert");
                return File.Exists(convert) ? convert : null;
            }
        }

        return null;
    }
}
