using SecurityAudit.Journal;
using SecurityAudit.Opening;

namespace SecurityAudit.Tool.Tests;

public sealed class ProofTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Audit => _folder["audit"];

    private string Key => _folder["key"];

    private string Old => _folder["old"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ALineIsProvenByOneFileAndTheKeyWithoutTheJournal()
    {
        await JournalAsync();
        var denied = Array.FindIndex(await File.ReadAllLinesAsync(Some.Segment(Audit)), line => line.Contains("bob was denied", StringComparison.Ordinal));
        var file = await SaveAsync("proof", await ToolRun.PipedAsync("prove", Audit, $"{denied}"));
        Directory.Delete(Audit, recursive: true);

        var run = await ToolRun.PipedAsync("verify-proof", file, "--key", Key);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("bob was denied", Assert.Single(run.Lines), StringComparison.Ordinal);
        Assert.StartsWith($"PROVEN: line {denied} is one of ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProofIsWorthNothingWithOneCharacterChangedOrAnotherKey()
    {
        await JournalAsync();
        var text = (await ToolRun.PipedAsync("prove", Audit, "2")).Output;
        var other = (await ToolRun.PipedAsync("keygen", _folder["other.pem"])).Lines[0];
        var file = _folder["proof"];
        await File.WriteAllTextAsync(file, text);
        Assert.Equal(1, (await ToolRun.PipedAsync("verify-proof", file, "--key", other)).ExitCode);

        var accepted = new List<int>();
        for (var i = 0; i < text.Length; i++)
        {
            var changed = text.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            await File.WriteAllTextAsync(file, new string(changed));
            if ((await ToolRun.PipedAsync("verify-proof", file, "--key", Key)).ExitCode == 0)
            {
                accepted.Add(i);
            }
        }

        // ECDSA: nobody without the key finds another signature by changing one character.
        Assert.Empty(accepted);
    }

    [Fact]
    public async Task ThatTheJournalOnlyGrewIsProvenToWhomeverKeptAnOlderCheckpoint()
    {
        await JournalAsync();
        await Some.JournalAsync(Audit);

        var file = await SaveAsync("grown", await ToolRun.PipedAsync("consistency", Audit, Old));
        var run = await ToolRun.PipedAsync("verify-proof", file, "--key", Key, "--old", Old);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.StartsWith("PROVEN: the first ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AJournalThatDoesNotBeginWithWhatTheOlderCheckpointCoversIsNotConsistent()
    {
        await JournalAsync();
        var genuine = Checkpoint.Parse(await File.ReadAllTextAsync(Old));
        using var signer = PemFileSigner.Open(Path.Combine(Audit, "keys", "journal.pem"));
        var otherRoot = genuine.Root.ToArray();
        otherRoot[0] ^= 1;
        await File.WriteAllTextAsync(Old, Checkpoint.Sign(genuine.Origin, genuine.Size - 1, otherRoot, signer).Note);

        var run = await ToolRun.PipedAsync("consistency", Audit, Old);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains("NOT CONSISTENT", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AJournalThatIsShorterThanTheOlderCheckpointIsSaidToBeCut()
    {
        await JournalAsync();
        var segment = Some.Segment(Audit);
        await File.WriteAllLinesAsync(segment, (await File.ReadAllLinesAsync(segment)).Take(3));

        var run = await ToolRun.PipedAsync("consistency", Audit, Old);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("the log was cut or rolled back", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeProvenIsSaid()
    {
        var journal = await JournalAsync();
        var cases = new (string[] Args, string Message)[]
        {
            (["prove", Audit, "9999"], $"No checkpoint of log {journal.Id} covers line 9999"),
            (["prove", Audit, "2", "--log", "xxxxxxxx"], $"has no log 'xxxxxxxx', expected one of {journal.Id}."),
            (["verify-proof", Old, "--key", Key], "holds no proof"),
            (["consistency", Audit, Key], "holds no checkpoint"),
        };
        foreach (var (args, message) in cases)
        {
            var run = await ToolRun.PipedAsync(args);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains(message, run.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>A journal, its key and its last checkpoint, both kept elsewhere.</summary>
    private async Task<JournalWriter> JournalAsync()
    {
        var anchor = _folder["anchor"];
        var journal = await Some.JournalAsync(Audit, Some.Events, new JournalOptions { Anchors = { new FileAnchor(anchor) } });
        File.Copy(Assert.Single(Directory.GetFiles(anchor, "*.checkpoint")), Old);
        using var signer = PemFileSigner.Open(Path.Combine(Audit, "keys", "journal.pem"));
        await File.WriteAllTextAsync(Key, signer.Key.ToString());
        return journal;
    }

    private async Task<string> SaveAsync(string name, ToolRun run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        await File.WriteAllTextAsync(_folder[name], run.Output);
        return _folder[name];
    }
}
