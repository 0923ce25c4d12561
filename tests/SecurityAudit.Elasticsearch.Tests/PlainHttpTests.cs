using SecurityAudit.Tool.Tests;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>An API key or a password goes unencrypted to the loopback address alone, unless the owner says yes.</summary>
public sealed class PlainHttpTests
{
    private const string Key = "bm9ib2R5OnMzY3JldA==";

    [Theory]
    [InlineData("http://elastic.example:9200", true)]
    [InlineData("http://10.0.0.1:9200", true)]
    [InlineData("http://[fe80::1]:9200", true)]
    [InlineData("http://localhost.example:9200", true)]
    [InlineData("http://127.0.0.1.example:9200", true)]
    [InlineData("https://a.example:9200, http://b.example:9200", true)]
    [InlineData("https://elastic.example:9200", false)]
    [InlineData("http://localhost:9200", false)]
    [InlineData("http://127.0.0.1:9200,http://127.8.9.10:9200", false)]
    [InlineData("http://[::1]:9200", false)]
    public void SecretsNeedHttpsOrLoopbackOrAnExplicitYes(string url, bool isRefused)
    {
        foreach (var secret in new Action<ElasticsearchOptions>[] { options => options.ApiKey = Key, options => (options.Username, options.Password) = ("elastic", "s3cret") })
        {
            var options = new ElasticsearchOptions { Url = url };
            secret(options);
            var refused = new ElasticsearchOptionsValidator().Validate(null, options);
            Assert.Equal(isRefused, refused.Failed);
            if (isRefused)
            {
                Assert.Contains("Use https, or set AllowPlainHttp if you must.", Assert.Single(refused.Failures!), StringComparison.Ordinal);
            }

            options.AllowPlainHttp = true;
            Assert.True(new ElasticsearchOptionsValidator().Validate(null, options).Succeeded);
        }

        Assert.True(new ElasticsearchOptionsValidator().Validate(null, new ElasticsearchOptions { Url = url }).Succeeded, "Without a secret nothing is to be kept.");
    }

    [Theory]
    [InlineData("setup")]
    [InlineData("status")]
    [InlineData("reconcile")]
    [InlineData("ship")]
    public async Task EveryCommandRefusesThemAlike(string command)
    {
        using var log = DiskLog.Of(1);
        string[] directory = command == "setup" ? [] : [log.Directory];

        var run = await ToolRun.PipedAsync(["elasticsearch", command, .. directory, "--url", "http://elastic.example:9200", "--api-key", Key]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("ApiKey would go there readable for everybody on the way", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NeitherDoTheyGoToAKibanaThatIsAskedOverPlainHttp()
    {
        var run = await ToolRun.PipedAsync(
            "elasticsearch", "setup", "--url", "https://elastic.example:9200", "--api-key", Key, "--kibana-url", "http://kibana.example:5601", "--dry-run",
            "--distribution", "Elasticsearch");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--kibana-url is http://kibana.example:5601/, and ApiKey would go there readable", run.Error, StringComparison.Ordinal);
    }
}
