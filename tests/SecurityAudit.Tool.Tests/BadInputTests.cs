using SecurityAudit.Opening;

namespace SecurityAudit.Tool.Tests;

public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("verify|{0}/none", "'{0}/none' does not exist: expected a journal's directory or one of its segments.")]
    [InlineData("verify|{0}/empty", "'{0}/empty' holds no journal: expected segments, files named by 20 digits and '.jsonl'.")]
    [InlineData("verify|{0}/text.txt", "'{0}/text.txt' is not a segment of a journal: expected a name of 20 digits and '.jsonl'.")]
    [InlineData("verify|{0}/audit|--key|nonsense", "--key is 'nonsense', expected a verifier key (name+id+base64, as 'security-audit keygen' prints it) or a file with one")]
    [InlineData("verify|{0}/audit|--key|{0}/text.txt", "--key is '{0}/text.txt', expected a verifier key")]
    [InlineData("verify|{0}/audit|--anchor|{0}/none", "There is no file '{0}/none', expected a checkpoint that was kept elsewhere")]
    [InlineData("verify|{0}/audit|--anchor|{0}/text.txt", "'{0}/text.txt' holds no checkpoint, expected origin, size, base64 root")]
    [InlineData("verify|{0}/audit|--anchor|{0}/empty", "The directory '{0}/empty' holds no *.checkpoint files")]
    [InlineData("show|{0}/none", "There is no directory '{0}/none'. An application's journal is in 'audit' under its content root")]
    [InlineData("show|{0}/text.txt", "'{0}/text.txt' is a file, expected a journal directory.")]
    [InlineData("show|{0}/empty", "'{0}/empty' holds no journal: expected files such as 00000000000000000000.jsonl.")]
    [InlineData("show|{0}/audit|--from|yesterdayish", "--from is 'yesterdayish', expected a time such as 2026-11-24")]
    [InlineData("show|{0}/audit|--to|25:00", "--to is '25:00', expected a time such as 2026-11-24")]
    [InlineData("show|{0}/audit|--source|localhost", "--source is 'localhost', expected an address such as 203.0.113.7 or a network")]
    [InlineData("show|{0}/audit|--last|many", "Cannot parse argument 'many'")]
    [InlineData("follow|{0}/none", "There is no directory '{0}/none'.")]
    [InlineData("keygen|{0}/text.txt", "The key file '{0}/text.txt' exists, expected none")]
    [InlineData("verify", "Required argument 'DIR' missing for command: 'verify'.")]
    [InlineData("veryfy|{0}/audit", "Unrecognized command or argument 'veryfy'")]
    [InlineData("verify|{0}/audit|--frobnicate", "Unrecognized command or argument '--frobnicate'")]
    public async Task BadInputEndsWith2AndSaysWhatWasExpected(string commandLine, string message)
    {
        await Some.JournalAsync(_folder["audit"]);
        Directory.CreateDirectory(_folder["empty"]);
        await File.WriteAllTextAsync(_folder["text.txt"], "just text\n");

        var run = await ToolRun.PipedAsync([.. commandLine.Split('|').Select(Expand)]);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("security-audit: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(Expand(message), run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task AHostileArgumentIsEscapedInTheMessage()
    {
        var run = await ToolRun.PipedAsync("show", _folder["\u202Egnp.exe\e[2J"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("\\u202Egnp.exe\\u001B[2J", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Error);
    }

    private string Expand(string text) => text.Replace("{0}", _folder.Path, StringComparison.Ordinal);
}
