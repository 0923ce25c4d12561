using System.Diagnostics;
using System.Text.RegularExpressions;

namespace SecurityAudit.Acceptance.Tests;

/// <summary>What the installed tool says to a pipe, a file, a terminal, and to nobody.</summary>
public sealed partial class ToolProcessTests(InstalledTool tool) : IClassFixture<InstalledTool>
{
    [Fact]
    public async Task TheHelpOfEveryCommandReachesAPipeAndAFile()
    {
        var commands = await tool.CommandsAsync();

        Assert.True(commands.Count >= 12, $"found only {string.Join(", ", commands.Select(command => string.Join(' ', command)))}");
        foreach (var command in commands)
        {
            var piped = await tool.RunAsync([.. command, "--help"]);
            Assert.Equal((0, ""), (piped.ExitCode, piped.Error));
            Assert.StartsWith("Description:", piped.Output, StringComparison.Ordinal);
            Assert.Contains($"security-audit {string.Join(' ', command)}".TrimEnd(), piped.Output, StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(piped.Output, await InAFileAsync($"{string.Join(' ', command)} --help"));
            }
        }
    }

    [Fact]
    public async Task TheVersionReachesAPipeAndAFile()
    {
        var piped = await tool.RunAsync("--version");

        Assert.StartsWith(PackedPackages.Version, piped.Output, StringComparison.Ordinal);
        Assert.Equal(piped.Output, await InAFileAsync("--version"));
    }

    [Theory]
    [InlineData("verify audit")]
    [InlineData("verify audit --json")]
    [InlineData("show audit --last 3")]
    [InlineData("inventory audit")]
    [InlineData("inventory audit --json")]
    [InlineData("prove audit 7")]
    [InlineData("elasticsearch status audit")]
    [InlineData("elasticsearch setup --dry-run --url http://127.0.0.1:9 --distribution Elasticsearch")]
    public async Task AnAnswerIsTheSameInAPipeAndInAFile(string command)
    {
        var piped = await tool.ShellAsync($"$tool {command} | cat");

        Assert.Equal("", piped.Error);
        Assert.NotEmpty(piped.Output);
        Assert.Equal(piped.Output, await InAFileAsync(command));
    }

    [Fact]
    public async Task WhatWasWrittenBeforeAnErrorIsThereAndTheErrorIsAfterIt()
    {
        var run = await tool.ShellAsync(
            "$tool prove audit 7 > proof; $tool verify-proof proof --key 'other+00000000+AAAA' 2>&1; $tool show audit --last many 2>&1; "
            + "$tool elasticsearch 2>&1");

        Assert.Contains("--key is 'other+00000000+AAAA'", run.Output, StringComparison.Ordinal);
        Assert.Contains("'security-audit show --help' tells what it takes.", run.Output, StringComparison.Ordinal);
        Assert.Contains("'security-audit elasticsearch --help' tells what it takes.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FollowEndsQuietlyWhenItsReaderHasGone()
    {
        var run = await tool.ShellAsync("{ $tool follow audit; echo $? >&2; } | head -n 1");

        Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("141\n", run.Error);
    }

    [Fact]
    public async Task ShowEndsQuietlyWhenItsReaderHasGone()
    {
        var run = await tool.ShellAsync("{ $tool show audit; echo $? >&2; } | head -n 1");

        Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("141\n", run.Error);
    }

    [Theory]
    [InlineData("$tool verify audit >&-", "security-audit: Standard output is closed")]
    [InlineData("$tool --help >&-", "security-audit: Standard output is closed")]
    [InlineData("$tool show audit > /dev/full", "security-audit: The output cannot be written: No space left on device.")]
    [InlineData("$tool verify audit > /dev/full", "security-audit: The output cannot be written: No space left on device.")]
    [InlineData("$tool verify audit >&- 2>&-", "")]
    [InlineData("$tool verify none 2>&-", "")]
    public async Task AnAnswerThatCannotBeWrittenIsNoSuccess(string line, string expected)
    {
        var run = await tool.ShellAsync(line);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal(expected.Length > 0 ? 1 : 0, run.Error.Count(character => character == '\n'));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task ASignalEndsFollowAndWhatItWroteIsWhole(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Takes POSIX signals.");
        using var follow = Process.Start(ProcessRun.StartInfo(tool.Folder, tool.Program, "follow", "audit", "--last", "5"))!;

        // Bounded: a run in the background or under nohup leaves what it starts deaf to INT or HUP.
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromMinutes(1));
        await using var kill = bound.Token.Register(follow.Kill);
        var lines = new List<string>();
        while (lines.Count < 5)
        {
            lines.Add((await follow.StandardOutput.ReadLineAsync(bound.Token))!);
        }

        await ProcessRun.SucceedAsync(tool.Folder, "/bin/sh", "-c", $"kill -{signal} {follow.Id}");
        await follow.WaitForExitAsync(bound.Token);

        Assert.Equal(exitCode, follow.ExitCode);
        Assert.Equal("", await follow.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.All(lines, line => Assert.EndsWith("}", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GITHUB_ACTIONS=true")]
    [InlineData("TF_BUILD=True")]
    [InlineData("TERM=xterm-256color FORCE_COLOR=1")]
    [InlineData("TERM=")]
    [InlineData("LC_ALL=C")]
    [InlineData("LC_ALL=de_DE.ISO-8859-1")]
    public async Task APipeGetsTheSamePlainTextInEveryEnvironment(string environment)
    {
        var expected = await tool.ShellAsync("mkdir -p Prüfung; cp audit/*.jsonl Prüfung/; $tool verify Prüfung | cat; $tool show audit --last 2 | cat");

        var run = await tool.ShellAsync($"export {environment}; $tool verify Prüfung | cat; $tool show audit --last 2 | cat");

        Assert.StartsWith("Prüfung: ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output);
        Assert.Equal(expected.Output, run.Output);
    }

    [Theory]
    [InlineData("NO_COLOR=1")]
    [InlineData("TERM=dumb")]
    [InlineData("TERM=")]
    public async Task ATerminalWithoutColoursGetsNone(string environment)
    {
        var coloured = await tool.TerminalAsync(100, "unset NO_COLOR; export TERM=xterm-256color; $tool show audit --last 2");
        var plain = await tool.TerminalAsync(100, $"export TERM=xterm-256color; export {environment}; $tool show audit --last 2");

        Assert.Matches(Colour(), coloured.Output);
        Assert.DoesNotMatch(Colour(), plain.Output);
        Assert.Contains("authn_login_fail", plain.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(300)]
    public async Task ATerminalOfAnyWidthShowsTheWholeEvent(int columns)
    {
        var run = await tool.TerminalAsync(columns, "$tool show audit --last 1 && $tool --help && { $tool verify audit || true; }");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("authn_login_fail", Control().Replace(run.Output, ""), StringComparison.Ordinal);
    }

    private async Task<string> InAFileAsync(string arguments)
    {
        var run = await tool.ShellAsync($"$tool {arguments} > answer");
        Assert.Equal(("", ""), (run.Output, run.Error));
        return await File.ReadAllTextAsync(Path.Combine(tool.Folder, "answer"));
    }

    [GeneratedRegex("\e\\[[0-9;]*38;5;", RegexOptions.NonBacktracking)]
    private static partial Regex Colour();

    [GeneratedRegex("\r\n|\e\\[[0-9;]*m", RegexOptions.NonBacktracking)]
    private static partial Regex Control();
}
