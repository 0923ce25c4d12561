using System.Security.Cryptography;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Opening;
using SecurityAudit.Tool.Tests;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>
/// A real Elasticsearch with its security and TLS on: what the application's key may do, whom the shipper believes, what is never said.
/// </summary>
public sealed class SecuredEngineTests(SecuredEngine engine) : IClassFixture<SecuredEngine>
{
    private readonly string _fingerprint = engine.Fingerprint;

    private string Url => engine.Url;

    [Fact]
    public async Task AKeyThatMayOnlyCreateDocumentsShipsAndCanNeitherReadNorChangeNorDelete()
    {
        var keyFile = Path.Combine(engine.Folder, "key");
        var said = new List<string>();
        async Task<ToolRun> RunAsync(params string[] args)
        {
            var run = await ToolRun.PipedAsync(["elasticsearch", .. args, "--url", Url, "--fingerprint", _fingerprint]);
            said.Add(run.Output + run.Error);
            return run;
        }

        Environment.SetEnvironmentVariable("SECURITY_AUDIT_ELASTICSEARCH_PASSWORD", SecuredEngine.Password);
        var setup = await RunAsync("setup", "--username", "elastic", "--key-file", keyFile);
        Assert.True(setup.ExitCode == 0, setup.Output + setup.Error);
        var key = (await File.ReadAllTextAsync(keyFile)).Trim();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keyFile));

        using var log = DiskLog.Of(50);
        Environment.SetEnvironmentVariable("SECURITY_AUDIT_ELASTICSEARCH_API_KEY", key);
        var ship = await RunAsync("ship", log.Directory);
        Assert.True(ship.ExitCode == 0, ship.Output + ship.Error);
        var reconcile = await RunAsync("reconcile", log.Directory, "--username", "elastic");
        Assert.True(reconcile.ExitCode == 0, reconcile.Output + reconcile.Error);

        using var connection = new ElasticsearchConnection(Options(options => options.ApiKey = key));
        var stream = new IndexNames("default").DataStream;
        var id = log.IdOf(1);
        var tried = new (HttpMethod Method, string Path, string Body)[]
        {
            (HttpMethod.Get, $"{stream}/_search", ""),
            (HttpMethod.Get, $"{stream}/_count", ""),
            (HttpMethod.Post, $"{stream}/_update/{id}", """{"doc":{"user.name":"mallory"}}"""),
            (HttpMethod.Post, $"{stream}/_delete_by_query", """{"query":{"match_all":{}}}"""),
            (HttpMethod.Put, $".ds-{stream}-000001/_doc/{id}", """{"@timestamp":"2026-01-01T00:00:00Z"}"""),
            (HttpMethod.Delete, $".ds-{stream}-000001/_doc/{id}", ""),
            (HttpMethod.Delete, $"_data_stream/{stream}", ""),
            (HttpMethod.Post, $"{stream}/_rollover", ""),
            (HttpMethod.Put, "_index_template/x", """{"index_patterns":["x"]}"""),
            (HttpMethod.Post, "_security/api_key", """{"name":"more"}"""),
        };
        foreach (var (method, path, body) in tried)
        {
            var answer = await connection.SendAsync(method, path, System.Text.Encoding.UTF8.GetBytes(body));
            Assert.True(answer.Status is 403 or 405 or 400, $"{method} {path}: {answer.Status} {answer.Error}");
            Assert.False(answer.IsSuccess);
        }

        Assert.DoesNotContain(said, text => text.Contains(SecuredEngine.Password, StringComparison.Ordinal) || text.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task OnlyThePinnedCertificateIsBelievedAndTheRefusalSaysWhatWasFound()
    {
        using (var pinned = new ElasticsearchConnection(Options(options => (options.Username, options.Password) = ("elastic", SecuredEngine.Password))))
        {
            Assert.True((await pinned.SendAsync(HttpMethod.Get, "")).IsSuccess);
        }

        var other = Convert.ToHexString(SHA256.HashData("another"u8));
        using var wrong = new ElasticsearchConnection(Options(options => (options.Username, options.Password, options.Fingerprint) = ("elastic", SecuredEngine.Password, other)));
        var refusal = await Assert.ThrowsAsync<NoResponseException>(() => wrong.SendAsync(HttpMethod.Get, ""));
        Assert.Contains(_fingerprint, refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("fingerprint", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(SecuredEngine.Password, refusal.ToString(), StringComparison.Ordinal);

        using var unpinned = new ElasticsearchConnection(Options(options => (options.Username, options.Password, options.Fingerprint) = ("elastic", SecuredEngine.Password, null)));
        await Assert.ThrowsAsync<NoResponseException>(() => unpinned.SendAsync(HttpMethod.Get, ""));
    }

    [Fact]
    public async Task AWrongKeyPausesShippingWithAMessageThatDoesNotHoldIt()
    {
        using var log = DiskLog.Of(5);
        var key = Convert.ToBase64String("nobody:knows-this-secret"u8);

        var run = await ToolRun.PipedAsync("elasticsearch", "ship", log.Directory, "--url", Url, "--fingerprint", _fingerprint, "--api-key", key, "--give-up-after", "2");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("401", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(key, run.Output + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("knows-this-secret", run.Output + run.Error, StringComparison.Ordinal);
    }

    private ElasticsearchOptions Options(Action<ElasticsearchOptions> change)
    {
        var options = Some.Options(new Uri(Url));
        options.Fingerprint = _fingerprint;
        change(options);
        return options;
    }
}
