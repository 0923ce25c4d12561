using System.Diagnostics;

namespace SecurityAudit.Journal.Tests.Opening;

public sealed class WorkTreeTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    private string Ignore => Path.Combine(_folder.Path, ".gitignore");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task GitAddTakesNeitherTheKeysNorALineOfAJournal()
    {
        var tree = Directory.CreateTempSubdirectory("work-tree-");
        await GitAsync(tree.FullName, "init", "--quiet");
        await File.WriteAllTextAsync(Path.Combine(tree.FullName, "Program.cs"), "", TestContext.Current.CancellationToken);
        var options = new JournalOptions();
        options.Anchors.Add(new FileAnchor(Path.Combine(tree.FullName, "anchors")));
        using (var writer = JournalWriter.Open(Path.Combine(tree.FullName, "audit"), options))
        {
            writer.Append("{}"u8);
        }

        await GitAsync(tree.FullName, "add", ".");

        Assert.True(File.Exists(Path.Combine(tree.FullName, "audit", "keys", "journal.pem")));
        Assert.Single(Directory.GetFiles(Path.Combine(tree.FullName, "anchors"), "*.checkpoint"));
        Assert.Equal("A  Program.cs\n", await GitAsync(tree.FullName, "status", "--porcelain", "--untracked-files=all"));
        tree.Delete(recursive: true);
    }

    [Fact]
    public void AJournalIgnoresItselfBeforeItsFirstKeyIsMade()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "keys", "journal.pem")); // so that no key can be made

        Assert.ThrowsAny<Exception>(() => _folder.Open());

        Assert.Equal("*\n", File.ReadAllText(Ignore));
        Assert.Equal([Ignore], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void OneThatIsThereStaysAsItIs()
    {
        Directory.CreateDirectory(_folder.Path);
        File.WriteAllText(Ignore, "keys/\n");

        _folder.Open().Dispose();

        Assert.Equal("keys/\n", File.ReadAllText(Ignore));
    }

    [Fact]
    public void ALinkThatLeadsNowhereIsNotFollowed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links take a privilege on Windows.");
        Directory.CreateDirectory(_folder.Path);
        var target = Path.Combine(_folder.Path, "elsewhere");
        File.CreateSymbolicLink(Ignore, target);

        _folder.Open().Dispose();

        Assert.False(File.Exists(target));
    }

    [Fact]
    public void OneThatTheOwnerRemovedFromAJournalDoesNotComeBack()
    {
        _folder.Open().Dispose();
        File.Delete(Ignore);

        _folder.Open().Dispose();

        Assert.False(File.Exists(Ignore));
    }

    [Fact]
    public void AnAnchorDirectoryOfSomebodyElseIsLeftAsItIs()
    {
        var anchor = Directory.CreateTempSubdirectory("anchor-");
        _folder.Open(options => options.Anchors.Add(new FileAnchor(anchor.FullName))).Dispose();

        Assert.EndsWith(".checkpoint", Assert.Single(Directory.GetFiles(anchor.FullName)), StringComparison.Ordinal);
        anchor.Delete(recursive: true);
    }

    private static async Task<string> GitAsync(string directory, params string[] args)
    {
        var start = new ProcessStartInfo("git", args) { WorkingDirectory = directory, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var git = StartOrSkip(start);
        var output = await git.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, git.ExitCode);
        return output;
    }

    private static Process StartOrSkip(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("Takes git.");
            throw;
        }
    }
}
