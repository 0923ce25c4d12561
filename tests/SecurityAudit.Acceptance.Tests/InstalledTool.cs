using System.Text.Json;
using System.Text.RegularExpressions;
using SecurityAudit.Journal;

namespace SecurityAudit.Acceptance.Tests;

/// <summary>
/// The packed tool, installed as a user installs it, and a journal for it to look at. What it writes to is chosen by a shell.
/// </summary>
public sealed partial class InstalledTool(PackedPackages packages) : IAsyncLifetime
{
    public const int Events = 2000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public string Folder { get; } = Directory.CreateTempSubdirectory("security-audit-tool-").FullName;

    public string Program => Path.Combine(Folder, "tools", "security-audit");

    public async ValueTask InitializeAsync()
    {
        packages.WriteConfiguration(Folder);
        await ProcessRun.SucceedAsync(Folder, "dotnet", "tool", "install", "SecurityAudit.Tool", "--version", PackedPackages.Version, "--tool-path", "tools");
        await using var journal = JournalWriter.Open(Path.Combine(Folder, "audit"));
        for (var number = 0; number < Events; number++)
        {
            journal.Append(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
            {
                ["@timestamp"] = DateTimeOffset.UnixEpoch.AddSeconds(number),
                ["event.action"] = "authn_login_fail",
                ["event.severity"] = 99,
                ["message"] = "somebody could not sign in",
            }));
        }

        await journal.FlushAsync();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs the tool; its output is a pipe.</summary>
    internal Task<ProcessRun> RunAsync(params string[] args) => ProcessRun.RunAsync(Folder, Patience, Program, args);

    /// <summary>
    /// Runs a line of a shell, in which <c>$tool</c> is the tool and which stands in the folder of the journal <c>audit</c>.
    /// </summary>
    internal Task<ProcessRun> ShellAsync(string line)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Takes a POSIX shell.");
        return ProcessRun.RunAsync(Folder, Patience, "/bin/sh", "-c", $"tool='{Program}'; {line}");
    }

    /// <summary>The same on a terminal, whose output is what is returned.</summary>
    internal Task<ProcessRun> TerminalAsync(int columns, string line)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "Takes script(1) of util-linux, which makes a terminal.");
        return ShellAsync($"tool='{Program}' script -qec 'stty cols {columns}; {line}' /dev/null </dev/null");
    }

    /// <summary>Every command and subcommand, as the help of the one above names it.</summary>
    internal async Task<IReadOnlyList<string[]>> CommandsAsync(params string[] above)
    {
        var help = (await RunAsync([.. above, "--help"])).Output;
        var commands = new List<string[]> { above };
        if (help.Split("Commands:\n") is [_, var listed])
        {
            foreach (Match name in CommandName().Matches(listed))
            {
                commands.AddRange(await CommandsAsync([.. above, name.Groups["name"].Value]));
            }
        }

        return commands;
    }

    [GeneratedRegex("^  (?<name>[a-z-]+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex CommandName();
}
