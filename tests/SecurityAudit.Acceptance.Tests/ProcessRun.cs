using System.Diagnostics;

namespace SecurityAudit.Acceptance.Tests;

/// <summary>A program that ran to its end.</summary>
internal sealed record ProcessRun(int ExitCode, string Output, string Error)
{
    public static async Task<ProcessRun> RunAsync(string directory, TimeSpan limit, string program, params string[] args)
    {
        using var process = Process.Start(StartInfo(directory, program, args))!;
        using var deadline = new CancellationTokenSource(limit);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return new ProcessRun(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{program} {string.Join(' ', args)}' did not end within {limit}.", e);
        }
    }

    /// <summary>The same, for programs that must succeed.</summary>
    public static async Task<string> SucceedAsync(string directory, string program, params string[] args)
    {
        var run = await RunAsync(directory, TimeSpan.FromMinutes(4), program, args);
        Assert.True(run.ExitCode == 0, $"'{program} {string.Join(' ', args)}' ended with {run.ExitCode}:\n{run.Output}\n{run.Error}");
        return run.Output;
    }

    public static ProcessStartInfo StartInfo(string directory, string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };

        // A newcomer's shell: nothing of the run that these tests are part of, whose properties MSBuild would read from the environment.
        foreach (var name in start.Environment.Keys.Where(IsOfTheTestRun).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "0"; // short lives
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        return start;
    }

    private static bool IsOfTheTestRun(string name) =>
        name is "CI" || name.StartsWith("VSTest", StringComparison.OrdinalIgnoreCase) || name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase);
}
