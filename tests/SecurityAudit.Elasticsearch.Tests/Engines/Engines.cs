using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;

[assembly: AssemblyFixture(typeof(SecurityAudit.Elasticsearch.Tests.Engines))]

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>One Elasticsearch and one OpenSearch for all tests, each started when the first test asks for it.</summary>
/// <remarks>From the published libraries in <c>../shared/engines</c>, or from the vendors' images where there is Docker instead.</remarks>
public sealed class Engines : IAsyncLifetime
{
    public const string Elasticsearch = "elasticsearch";
    public const string OpenSearch = "opensearch";

    private readonly Dictionary<string, Lazy<Task<Uri>>> _engines;
    private readonly List<IAsyncDisposable> _started = [];

    public Engines() => _engines = new[] { Elasticsearch, OpenSearch }
        .ToDictionary(engine => engine, engine => new Lazy<Task<Uri>>(() => StartAsync(engine)), StringComparer.Ordinal);

    public static TheoryData<string> Both => [Elasticsearch, OpenSearch];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The engine's address; skips the test where none can be had.</summary>
    public async Task<Uri> UrlAsync(string engine)
    {
        SkipWithoutEngine();
        return await _engines[engine].Value;
    }

    public static void SkipWithoutEngine()
    {
        if (EngineProcess.Missing is { } reason && !HasDocker)
        {
            Assert.Skip(reason + " There is no Docker either.");
        }
    }

    /// <summary>For tests that must start one of their own, with settings.</summary>
    public static void SkipWithoutOwnEngine()
    {
        if (EngineProcess.Missing is { } reason)
        {
            Assert.Skip(reason);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _started)
        {
            await engine.DisposeAsync();
        }
    }

    private static bool HasDocker => File.Exists("/var/run/docker.sock");

    private async Task<Uri> StartAsync(string engine)
    {
        if (EngineProcess.Missing is null)
        {
            var process = await EngineProcess.StartAsync(engine);
            lock (_started)
            {
                _started.Add(process);
            }

            return process.Url;
        }

        var builder = engine == Elasticsearch
            ? new ContainerBuilder("docker.elastic.co/elasticsearch/elasticsearch:8.19.5").WithEnvironment("xpack.security.enabled", "false")
            : new ContainerBuilder("opensearchproject/opensearch:2.19.3").WithEnvironment("DISABLE_SECURITY_PLUGIN", "true").WithEnvironment("DISABLE_INSTALL_DEMO_CONFIG", "true");
        IContainer container = builder.WithEnvironment("discovery.type", "single-node").WithPortBinding(9200, assignRandomHostPort: true)
            .WithWaitStrategy(Wait.ForUnixContainer().UntilHttpRequestIsSucceeded(request => request.ForPort(9200))).Build();
        await container.StartAsync();
        lock (_started)
        {
            _started.Add(container);
        }

        return new Uri($"http://{container.Hostname}:{container.GetMappedPublicPort(9200)}/");
    }
}
