using System.Text.Json;
using SecurityAudit.Journal;
using SecurityAudit.Opening;

namespace SecurityAudit.Tool.Tests;

public sealed class VerifyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Audit => _folder["audit"];

    private string Key
    {
        get
        {
            using var signer = PemFileSigner.Open(Path.Combine(Audit, "keys", "journal.pem"));
            return signer.Key.ToString();
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AJournalThatIsWhatWasWrittenEndsWith0ForWhoeverGivesTheKeyAndSaysWhatIsProven()
    {
        var journal = await Some.JournalAsync(Audit);

        var run = await ToolRun.PipedAsync("verify", Audit, "--key", Key);

        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith($"{Audit}: SOUND\nA signature of the key that you gave covers every line. Whether lines were cut off", run.Output, StringComparison.Ordinal);
        Assert.Contains($"log {journal.Id} in {Audit}", run.Output, StringComparison.Ordinal);
        Assert.Contains("covered by signatures of the key that you gave", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Output);
    }

    [Fact]
    public async Task WithoutAKeyTheVerdictIsConsistentAndEndsWith3()
    {
        await Some.JournalAsync(Audit);

        var run = await ToolRun.PipedAsync("verify", Audit);

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith(
            $"{Audit}: CONSISTENT\nNothing contradicts anything, and nothing is proven: whoever holds the files can have made all of it.", run.Output,
            StringComparison.Ordinal);
        Assert.Contains("believed from the journal itself: name it with --key", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("unaltered", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("SOUND", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "PARTLY PROVEN", 0)]
    [InlineData(300, "UNPROVEN", 3)]
    public async Task AnUnsignedTailIsCountedWithItsSpanAndEndsWith3WhenItIsMoreThanACrashLeaves(int minutes, string verdict, int exitCode)
    {
        var events = new[] { minutes, 0 }.Select(ago => new Dictionary<string, object>
        {
            ["@timestamp"] = DateTimeOffset.UtcNow.AddMinutes(-ago).ToString("o"),
            ["event.action"] = "authn_login_fail",
        });
        await Some.JournalAsync(Audit, events, new JournalOptions { CheckpointInterval = TimeSpan.FromMinutes(10) });
        var segment = Some.Segment(Audit);
        // Without journal.closed and its signature: what a crash leaves.
        var lines = await File.ReadAllLinesAsync(segment);
        await File.WriteAllLinesAsync(segment, lines.TakeWhile(line => !line.Contains("journal.closed", StringComparison.Ordinal)));

        var run = await ToolRun.PipedAsync("verify", Audit, "--key", Key);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith($"{Audit}: {verdict}\n", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"unproven  [0-9]+ to [0-9]+: [23] lines, from [-0-9]{10} [:0-9]{8}Z to [-0-9]{10} [:0-9]{8}Z, no signature yet", run.Output);
    }

    [Fact]
    public async Task AnAlteredLineEndsWith1AndNamesTheFirstBadByteAndTheGoodPrefix()
    {
        await Some.JournalAsync(Audit);
        var segment = Some.Segment(Audit);
        var text = await File.ReadAllTextAsync(segment);
        await File.WriteAllTextAsync(segment, text.Replace("bob was denied", "bob was let in", StringComparison.Ordinal));
        var lines = text.Split('\n');
        var victim = Array.FindIndex(lines, line => line.Contains("bob was denied", StringComparison.Ordinal));

        var run = await ToolRun.PipedAsync("verify", Audit);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"{Audit}: NOT SOUND\n", run.Output, StringComparison.Ordinal);
        var offset = lines.Take(victim).Sum(line => line.Length + 1);
        Assert.Contains($"first bad byte: {segment} at offset {offset} (line {victim})", run.Output, StringComparison.Ordinal);
    }

    /// <summary>Issue: any byte of a small journal changed, and verify exits 1 and names the place.</summary>
    [Fact]
    public async Task AnyByteChangedInAnyFieldOfAnyLineIsFoundAndNamed()
    {
        await Some.JournalAsync(Audit);
        var segment = Some.Segment(Audit);
        var sound = await File.ReadAllBytesAsync(segment);
        var lineStart = 0;
        var line = 0;
        var tried = 0;
        for (var i = 0; i < sound.Length; i++)
        {
            // Every byte where structure is (quotes, colons, commas, braces, the newline) and every third of the rest: each field of each
            // line.
            var isStructure = sound[i] is (byte)'"' or (byte)':' or (byte)',' or (byte)'{' or (byte)'}' or (byte)'\n';
            if (isStructure || i % 3 == 0)
            {
                var altered = sound.ToArray();
                altered[i] ^= 0x01;
                await File.WriteAllBytesAsync(segment, altered);

                var run = await ToolRun.PipedAsync("verify", Audit, "--json");

                Assert.True(run.ExitCode == 1, $"Byte {i} (line {line}) was changed and verify ended with {run.ExitCode}: {run.Output}{run.Error}");
                using var report = JsonDocument.Parse(run.Output);
                var first = report.RootElement.GetProperty("findings")[0];
                Assert.True(
                    first.GetProperty("sequence").GetInt64() == line && first.GetProperty("offset").GetInt64() == lineStart,
                    $"Byte {i} of line {line} (from {lineStart}) was changed: {first}");
                Assert.True(report.RootElement.GetProperty("logs")[0].GetProperty("proven").GetInt64() <= line);
                tried++;
            }

            if (sound[i] == '\n')
            {
                lineStart = i + 1;
                line++;
            }
        }

        Assert.True(line >= Some.Events.Count + 3 && tried > 1000, $"{tried} bytes of {line} lines");
        await File.WriteAllBytesAsync(segment, sound);
        Assert.Equal(0, (await ToolRun.PipedAsync("verify", Audit, "--key", Key)).ExitCode);
    }

    [Fact]
    public async Task TheKeyMayBeGivenAsAVerifierKeyOrAsAPemFile()
    {
        await Some.JournalAsync(Audit);
        using var signer = PemFileSigner.Open(Path.Combine(Audit, "keys", "journal.pem"));
        var pem = _folder["public.pem"];
        await File.WriteAllTextAsync(pem, "-----BEGIN PUBLIC KEY-----\n" + Convert.ToBase64String(signer.Key.Spki.Span) + "\n-----END PUBLIC KEY-----\n");
        var text = _folder["key.txt"];
        await File.WriteAllTextAsync(text, signer.Key + "\n");

        foreach (var key in new[] { signer.Key.ToString(), pem, text })
        {
            var run = await ToolRun.PipedAsync("verify", Audit, "--key", key);

            Assert.True(run.ExitCode == 0, run.Output + run.Error);
            Assert.Contains("the one you named", run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AJournalSignedWithAnotherKeyThanTheNamedOneIsNotSound()
    {
        await Some.JournalAsync(Audit);
        var other = (await ToolRun.PipedAsync("keygen", _folder["other.pem"])).Lines[0];

        Assert.Equal(1, (await ToolRun.PipedAsync("verify", Audit, "--key", other)).ExitCode);
    }

    [Fact]
    public async Task ACutTailIsCaughtByACheckpointKeptElsewhere()
    {
        var anchor = _folder["anchor"];
        await Some.JournalAsync(Audit, Some.Events, new JournalOptions { Anchors = { new FileAnchor(anchor) } });
        Assert.Equal(0, (await ToolRun.PipedAsync("verify", Audit, "--key", Key, "--anchor", anchor)).ExitCode);
        var segment = Some.Segment(Audit);
        var lines = await File.ReadAllLinesAsync(segment);
        await File.WriteAllTextAsync(segment, string.Concat(lines.Take(3).Select(line => line + "\n")));
        Assert.Equal(3, (await ToolRun.PipedAsync("verify", Audit)).ExitCode);

        var run = await ToolRun.PipedAsync("verify", Audit, "--anchor", Assert.Single(Directory.GetFiles(anchor, "*.checkpoint")));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("NOT SOUND", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheJsonReportIsOneObjectWithLogsAndFindings()
    {
        var journal = await Some.JournalAsync(Audit);

        var run = await ToolRun.PipedAsync("verify", Audit, "--json");

        using var report = JsonDocument.Parse(Assert.Single(run.Lines));
        Assert.Equal("consistent", report.RootElement.GetProperty("verdict").GetString());
        var log = report.RootElement.GetProperty("logs")[0];
        Assert.Equal(journal.Id, log.GetProperty("id").GetString());
        Assert.Equal(log.GetProperty("size").GetInt64(), (await File.ReadAllLinesAsync(Some.Segment(Audit))).Length);
        Assert.True(Checkpoint.TryParse(log.GetProperty("checkpoint").GetString(), out var checkpoint));
        Assert.True(checkpoint.Verify(VerifierKey.Parse(log.GetProperty("key").GetString()!)));
    }
}
