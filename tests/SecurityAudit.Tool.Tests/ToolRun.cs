using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Tests;

/// <summary>What a command answered. The commands run in this process; <see cref="InstalledTool"/> runs them as a user does.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>As in a pipe.</summary>
    public static Task<ToolRun> PipedAsync(params string[] args) => RunAsync(isTerminal: false, 160, args);

    /// <summary>As on a terminal.</summary>
    public static Task<ToolRun> OnTerminalAsync(params string[] args) => RunAsync(isTerminal: true, 160, args);

    public static Task<ToolRun> OnTerminalAsync(int width, params string[] args) => RunAsync(isTerminal: true, width, args);

    private static async Task<ToolRun> RunAsync(bool isTerminal, int width, string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await new AuditCommandLine(new Terminal(output, error, isTerminal, errorIsTerminal: false, width)).RunAsync(args);
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }
}
