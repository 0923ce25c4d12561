using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Journal;
using SecurityAudit.Opening;
using SecurityAudit.Tool.Tests;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>
/// Two machines from one image: both continue one log and ship it with the key that <c>setup</c> makes, which can create and not read.
/// </summary>
public sealed class ForkTests : IAsyncLifetime
{
    private const string Password = "Correct-Horse-7";

    private readonly TemporaryFolder _folder = new();
    private EngineProcess _engine = null!;

    private string Url => _engine.Url.ToString();

    public async ValueTask InitializeAsync()
    {
        Engines.SkipWithoutOwnEngine();
        _engine = await EngineProcess.StartAsync(Engines.Elasticsearch, data: null, "--password", Password);
        await SecuredEngine.KnowsItsUserAsync(_engine.Url, Password);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task TwoCopiesOfOneJournalLoseNothingAndTheForkIsTold()
    {
        var keyFile = Path.Combine(_folder.Path, "key");
        var setup = await AsOwnerAsync("setup", "--key-file", keyFile);
        Assert.True(setup.ExitCode == 0, setup.Output + setup.Error);
        var key = (await File.ReadAllTextAsync(keyFile)).Trim();
        using var first = DiskLog.Of(20);
        await ShipAsync(first.Directory, key);
        var copy = Path.Combine(_folder.Path, "copy", "audit");
        Copy(first.Directory, copy);
        using var second = DiskLog.At(copy);
        var before = Lines(first).Count;

        first.Append(30, i => Some.Payload(i + 1000));
        second.Append(40, i => Some.Payload(i + 2000));
        await ShipAsync(first.Directory, key);
        await ShipAsync(copy, key);

        var (mine, others) = (Lines(first), Lines(second));
        Assert.True(mine.Count > before + 30 && others.Count > before + 40);
        Assert.Equal(first.Log.Id, second.Log.Id);
        var stored = await StoredHashesAsync();
        Assert.Empty(mine.Except(stored));
        Assert.Empty(others.Except(stored));
        Assert.Equal(stored.Count, stored.Distinct().Count());

        var both = Math.Min(mine.Count, others.Count) - before;
        foreach (var directory in new[] { first.Directory, copy })
        {
            var reconcile = await AsOwnerAsync("reconcile", directory);
            Assert.Equal(1, reconcile.ExitCode);
            Assert.Contains($"FORK: {both} lines of another copy", reconcile.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("missing  ", reconcile.Output, StringComparison.Ordinal);
            var status = await AsOwnerAsync("status", directory);
            Assert.Equal(1, status.ExitCode);
            Assert.Contains($"fork          The engine holds 2 different lines {before} of log {first.Log.Id}", status.Output, StringComparison.Ordinal);
        }

        await AsOwnerAsync("reconcile", copy, "--remove-doubled", "--ship-missing");
        Assert.Equal(stored.Order(), (await StoredHashesAsync()).Order()); // the evidence stays
    }

    private static List<string> Lines(DiskLog log)
    {
        var hashes = new List<string>();
        using var reader = new JournalReader(log.Log.Directory);
        while (reader.TryRead(out var line))
        {
            hashes.Add((string)JsonNode.Parse(line.Utf8.Span)!["event.hash"]!);
        }

        return hashes;
    }

    private async Task<List<string>> StoredHashesAsync()
    {
        var options = Some.Options(_engine.Url);
        (options.Username, options.Password) = ("elastic", Password);
        using var connection = new ElasticsearchConnection(options);
        await Ask.RefreshAsync(connection, "logs-securityaudit.events-default");
        var answer = await Ask.JsonAsync(
            connection, HttpMethod.Post, "logs-securityaudit.events-default/_search", """{"size":1000,"_source":false,"docvalue_fields":["event.hash"]}""");
        return [.. answer["hits"]!["hits"]!.AsArray().Select(hit => (string)hit!["fields"]!["event.hash"]![0]!)];
    }

    private async Task ShipAsync(string directory, string key)
    {
        var ship = await ToolRun.PipedAsync("elasticsearch", "ship", directory, "--url", Url, "--api-key", key);
        Assert.True(ship.ExitCode == 0, ship.Output + ship.Error);
    }

    private Task<ToolRun> AsOwnerAsync(string command, params string[] more) =>
        ToolRun.PipedAsync(["elasticsearch", command, .. more, "--url", Url, "--username", "elastic", "--password", Password]);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.GetDirectories(from))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }

        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
