using System.Diagnostics;
using System.Text;

namespace SecurityAudit.Journal.Tests.Verification;

/// <summary>
/// The auditor's page has a script of sha256sum, openssl and jq: it is taken from the page as it stands and run on a journal of the real
/// writer.
/// </summary>
public sealed class AuditorScriptTests : IDisposable
{
    private readonly JournalFolder _folder = new();
    private readonly string _tools = Directory.CreateTempSubdirectory("auditor-").FullName;

    private string Script => Path.Combine(_tools, "check.sh");

    private VerifierKey? _key;

    public void Dispose()
    {
        _folder.Dispose();
        Directory.Delete(_tools, recursive: true);
    }

    [Fact]
    public async Task ASoundJournalIsSoundToSha256sumOpensslAndJq()
    {
        await WriteAsync();

        var (exitCode, said) = await CheckAsync(_key!);

        Assert.True(exitCode == 0, said);
        Assert.StartsWith("SOUND: lines 0 to ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatTheVerifierCatchesTheScriptCatches()
    {
        await WriteAsync();
        var first = _folder.Segment(0);
        var sound = await File.ReadAllTextAsync(first);
        var lines = sound.Split('\n');
        var target = Array.FindIndex(lines, line => line.Contains("\"test.number\":1,", StringComparison.Ordinal)); // a checkpoint may stand before it
        var elsewhere = lines[target].Replace(lines[target][15..23], "zzzzzzzz", StringComparison.Ordinal);
        string[] swapped = [.. lines[..target], lines[target + 1], lines[target], .. lines[(target + 2)..]];
        var cases = new (string Case, string Content, string Expected)[]
        {
            ("a changed byte", sound.Replace("\"test.number\":1,", "\"test.number\":9,", StringComparison.Ordinal), $"NOT SOUND: line {target} was altered"),
            ("a deleted line", string.Join('\n', lines.Where((_, i) => i != target + 1)), $"NOT SOUND: line {target + 1} is not here"),
            ("two lines swapped", string.Join('\n', swapped), $"NOT SOUND: line {target} is not here"),
            ("a line hashed anew", sound.Replace(lines[target], Resealed(lines[target]), StringComparison.Ordinal), "are not those that were signed"),
            ("another journal's line", sound.Replace(lines[target], elsewhere, StringComparison.Ordinal), $"NOT SOUND: line {target} is not here"),
        };
        foreach (var (name, content, expected) in cases)
        {
            await File.WriteAllTextAsync(first, content);
            var (exitCode, said) = await CheckAsync(_key!);
            Assert.True(exitCode == 1 && said.Contains(expected, StringComparison.Ordinal), $"{name}: {exitCode} {said}");
            Assert.False(JournalVerifier.Verify(_folder.Path).HasNoFindings());
        }

        await File.WriteAllTextAsync(first, sound);
        var stranger = Some.Signer().Key;
        Assert.Equal((1, $"NOT SOUND: the newest checkpoint has no signature of {stranger.Name}+{stranger.Id}"), await CheckAsync(stranger));
    }

    [Fact]
    public async Task TheScriptFindsTheSignatureByTheNameUnderWhichTheKeyIsPublished()
    {
        await WriteAsync();
        Assert.StartsWith($"{_key!.Name}+{_key.Id}+", _folder.Lines()[0].GetProperty(JournalFields.VerifierKey.Name).GetString(), StringComparison.Ordinal);
        Assert.Equal((1, $"NOT SOUND: the newest checkpoint has no signature of other+{_key.Id}"), await CheckAsync(_key.WithName("other")));
    }

    [Fact]
    public async Task TheScriptSaysThatOnlyAPartIsProven()
    {
        await WriteAsync();
        var last = JournalDirectory.Segments(_folder.Path)[^1].Path;
        await File.WriteAllLinesAsync(last, (await File.ReadAllLinesAsync(last)).SkipLast(1));
        var (exitCode, said) = await CheckAsync(_key!);
        Assert.Equal(0, exitCode);
        Assert.Matches("^PARTLY PROVEN: lines 0 to [0-9]+ are those that .* signed; nothing proves the [0-9]+ lines behind them$", said);
    }

    private Task<(int ExitCode, string Said)> CheckAsync(VerifierKey key) => RunAsync("bash", Script, _folder.Path, key.ToString());

    /// <summary>Two segments, and the script from the page.</summary>
    private async Task WriteAsync()
    {
        foreach (var program in new[] { "bash", "openssl", "jq", "sha256sum" })
        {
            Assert.SkipUnless(IsThere(program), $"{program} is missing: the auditor's script needs it.");
        }

        await using (var writer = _folder.Open())
        {
            for (var i = 1; i < 4; i++)
            {
                writer.Append(Some.Event(i));
            }
        }

        await using (var writer = _folder.Open())
        {
            await writer.FlushAsync(writer.Append(Some.Utf8("""{"event.action":"test","user.name":"J\u00fcrgen % \\ $(id) ü"}"""), critical: true));
        }

        var page = await File.ReadAllTextAsync(Path.Combine(Repository(), "src", "SecurityAudit.Journal", "README.md"));
        var start = page.IndexOf("```bash\n", StringComparison.Ordinal) + "```bash\n".Length;
        await File.WriteAllTextAsync(Script, page[start..page.IndexOf("```", start, StringComparison.Ordinal)]);
        using var signer = PemFileSigner.Open(Path.Combine(_folder.Path, LogFiles.Keys, LogFiles.Key));
        _key = signer.Key;
    }

    private static string Resealed(string line)
    {
        var utf8 = Some.Utf8(line);
        Assert.True(JournalLineFormat.TryParse(utf8, out var id, out var sequence, out var payloadStart));
        var payload = Some.Utf8("{" + line[(payloadStart + 1)..^JournalLineFormat.TrailerLength].Replace(":1", ":2", StringComparison.Ordinal) + "}");
        var framed = new byte[JournalLineFormat.MaxSealedLength(payload.Length)];
        var length = JournalLineFormat.Seal(framed, id, sequence, payload, new byte[MerkleHash.Length]);
        return Encoding.UTF8.GetString(framed, 1, length - 1);
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(string program, params string[] arguments)
    {
        using var run = DriverProcess.StartProgram(program, arguments);
        var said = await run.Process.StandardOutput.ReadToEndAsync();
        return (await run.ExitCodeAsync(), said.TrimEnd() + await run.ErrorsAsync());
    }

    private static bool IsThere(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(path => File.Exists(Path.Combine(path, program)));

    private static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "SecurityAudit.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests do not stand in the repository.");
        }

        return directory.FullName;
    }
}
