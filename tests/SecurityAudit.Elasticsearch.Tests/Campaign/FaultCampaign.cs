using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Setup;
using SecurityAudit.Opening;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>
/// An application that records and ships, a network that spoils what it carries, an engine that suffers: everything the design's table
/// names, in turns.
/// </summary>
internal sealed class FaultCampaign : IAsyncDisposable
{
    /// <summary>Beside the planned faults, one bulk request in so many meets one by chance.</summary>
    private const int OneIn = 25;

    private static readonly Fault[] Network =
        [Fault.CutRequest, Fault.LoseAnswer, Fault.TruncateAnswer, Fault.CorruptRequest, Fault.CorruptAnswer, Fault.Duplicate, Fault.Delay];

    private static readonly string[] Hard = ["http.max_content_length=256kb", "indexing_pressure.memory.limit=96kb"];

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _data = new();
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Random _chance = new(20261124);
    private readonly string _name;
    private readonly int _events;
    private EngineProcess _engine = null!;
    private FaultyProxy _proxy = null!;
    private ApplicationProcess _application = null!;

    private FaultCampaign(string name, int events) => (_name, _events) = (name, events);

    public World World { get; private set; } = null!;

    public string Journal => Path.Combine(_folder.Path, "audit");

    /// <summary>How often each fault happened.</summary>
    public IReadOnlyDictionary<string, int> Counts
    {
        get
        {
            foreach (var (fault, count) in _proxy.Done)
            {
                _counts["network: " + fault] = count;
            }

            foreach (var (status, count) in _proxy.Answers)
            {
                _counts["answered " + status.ToString(CultureInfo.InvariantCulture)] = count;
            }

            return _counts;
        }
    }

    public static async Task<FaultCampaign> StartAsync(string engine, int events)
    {
        var campaign = new FaultCampaign(engine, events);
        campaign._engine = await EngineProcess.StartAsync(engine, campaign._data.Path);
        campaign.World = await World.CreateAsync(campaign._engine.Url);
        campaign._proxy = await FaultyProxy.StartAsync(campaign._engine.Url);
        campaign._proxy.Choose = campaign.ByChance;
        campaign._application = new ApplicationProcess(campaign._folder.Path, campaign._proxy.Url, campaign.World, events);
        return campaign;
    }

    public async Task RunAsync(int rounds, Action<string>? tell = null)
    {
        _application.Start();
        Func<Task>[] faults = [NetworkAsync, BlockAsync, StopAsync, KillApplicationAsync, RollOverAsync, ChangeTemplateAsync, StarveAsync];
        if (rounds > 1)
        {
            faults = [.. faults, CrashAsync]; // starving kills the engine too, and starting one takes most of a short run's time
        }

        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < faults.Length; i++)
            {
                var from = _events * ((round * faults.Length) + i + 1L) / ((rounds * faults.Length) + 2L);
                await _application.UntilAsync(() => _application.Next >= from, $"at {from}");
                var begun = Stopwatch.GetTimestamp();
                await faults[i]();
                tell?.Invoke($"{_name}: round {round}, {faults[i].Method.Name} from {from} to {_application.Next} in {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s");
            }
        }

        await _application.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _application.Dispose();
        await _proxy.DisposeAsync();
        World.Dispose();
        await _engine.DisposeAsync();
        _folder.Dispose();
        _data.Dispose();
    }

    private Fault ByChance()
    {
        lock (_chance)
        {
            return _chance.Next(OneIn) == 0 ? Network[_chance.Next(Network.Length)] : Fault.None;
        }
    }

    private Task NetworkAsync()
    {
        foreach (var fault in Network)
        {
            _proxy.Next(fault);
        }

        return Task.CompletedTask;
    }

    private async Task BlockAsync()
    {
        await AskAsync(HttpMethod.Put, "_cluster/settings", """{"persistent":{"cluster.blocks.read_only":true}}""");
        await _application.UntilAsync(() => _application.State == "Paused", "paused by a blocked cluster");
        await AskAsync(HttpMethod.Put, "_cluster/settings", """{"persistent":{"cluster.blocks.read_only":null}}""");
        await AskAsync(HttpMethod.Put, World.Target.Search + "/_settings", """{"index.blocks.write":true}""");
        await GoesOnThenAsync("Paused", "paused by a blocked index", alreadySo: true);
        await AskAsync(HttpMethod.Put, World.Target.Search + "/_settings", """{"index.blocks.write":null}""");
        await GoesOnAsync("engine: blocked");
    }

    private async Task StopAsync()
    {
        _engine.Stop();
        await _application.UntilAsync(() => _application.State == "Waiting", "waiting for an engine that says nothing");
        _engine.Continue(); // what stood in its sockets is read now, after those who sent it gave up
        await GoesOnAsync("engine: stopped");
    }

    private async Task KillApplicationAsync()
    {
        await _application.KillAsync();
        _application.Start();
        await GoesOnAsync("application: killed");
    }

    private async Task RollOverAsync()
    {
        if (World.Target.Layout != ElasticsearchLayout.DataStream)
        {
            return;
        }

        await AskAsync(HttpMethod.Post, World.Target.Search + "/_rollover");
        await GoesOnAsync("engine: rolled over");
        _proxy.Next(Fault.LoseAnswer, async () => await AskAsync(HttpMethod.Post, World.Target.Search + "/_rollover"));
        await GoesOnAsync("engine: rolled over between try and retry");
    }

    /// <summary>The type of a field becomes one that some events do not fit; our own templates ignore what is malformed.</summary>
    private async Task ChangeTemplateAsync()
    {
        var before = _application.DeadLetters;
        var path = "_index_template/" + IndexTemplates.Index(new IndexNames(World.Options.Namespace));
        var template = (await AskAsync(HttpMethod.Get, path))["index_templates"]![0]!["index_template"]!;
        var changed = template.DeepClone();
        (((changed["template"] ??= new JsonObject())["mappings"] ??= new JsonObject())["properties"] ??= new JsonObject())["campaign_strange"] = JsonNode.Parse(Misfit);
        await AskAsync(HttpMethod.Put, path, changed.ToJsonString());
        if (World.Target.Layout == ElasticsearchLayout.DataStream)
        {
            await AskAsync(HttpMethod.Post, World.Target.Search + "/_rollover");
        }
        else
        {
            await ChangeMappingAsync();
        }

        await _application.UntilAsync(() => _application.DeadLetters > before, "refused for a field's type");
        await AskAsync(HttpMethod.Put, path, template.ToJsonString());
        if (World.Target.Layout == ElasticsearchLayout.DataStream)
        {
            await AskAsync(HttpMethod.Post, World.Target.Search + "/_rollover");
        }

        await GoesOnAsync("engine: template changed");
    }

    /// <summary>Killed, and back with room for less than a batch.</summary>
    private async Task StarveAsync()
    {
        // Counted before: the application may meet the engine's limits before this test hears that the engine is up.
        var (full, large) = (Count(429), Count(413));
        await RestartAsync(Hard);

        // However long the engine took to start, and whatever became of the batches meanwhile: a new application begins with whole ones.
        await _application.KillAsync();
        _application.Start();
        await _application.UntilAsync(() => Count(429) > full && Count(413) > large, "refused for lack of room and for size");
        await GoesOnAsync("engine: starved and limited");
    }

    private async Task CrashAsync()
    {
        await RestartAsync();
        await GoesOnAsync("engine: killed");
        _engine.Stop();
        await _application.UntilAsync(() => _application.State == "Waiting", "waiting for an engine that says nothing");
        await _application.KillAsync();
        _engine.Continue();
        _application.Start();
        await GoesOnAsync("application: killed while the engine was stopped");
    }

    private async Task RestartAsync(params string[] settings)
    {
        await _engine.KillAsync();
        await _application.UntilAsync(() => _application.State == "Waiting", "waiting for an engine that is gone");
        await _engine.DisposeAsync();
        _engine = await EngineProcess.StartAsync(_name, _data.Path, ["--port", _engine.Url.Port.ToString(CultureInfo.InvariantCulture), .. settings]);
        Assert.Equal(World.Url, _engine.Url);
    }

    private Task GoesOnAsync(string counted) => GoesOnThenAsync("Shipping", "shipping again after " + counted, alreadySo: false, counted);

    private async Task GoesOnThenAsync(string state, string what, bool alreadySo, string? counted = null)
    {
        var from = _application.Next;
        await _application.UntilAsync(() => _application.State == state && (alreadySo || _application.Next > from), what);
        if (counted is not null)
        {
            _counts[counted] = _counts.GetValueOrDefault(counted) + 1;
        }
    }

    /// <summary>An engine that is killed replays its log under the new mapping and drops, with a line in its own log, what that refuses,
    /// answered for or not. What is flushed to the index stays: this campaign is about shipping, so it flushes.</summary>
    private async Task ChangeMappingAsync()
    {
        await AskAsync(HttpMethod.Put, World.Target.Search + "/_mapping", $"{{\"properties\":{{\"campaign_strange\":{Misfit}}}}}");
        await AskAsync(HttpMethod.Post, World.Target.Search + "/_flush?force=true&wait_if_ongoing=true");
    }

    /// <summary>OpenSearch lets the index's <c>ignore_malformed</c> win over the field's; neither takes a text for an object.</summary>
    private string Misfit => World.Target.Distribution == ElasticsearchDistribution.OpenSearch
        ? """{"properties":{"number":{"type":"long"}}}"""
        : """{"type":"long","ignore_malformed":false}""";

    private int Count(int status) => _proxy.Answers.GetValueOrDefault(status);

    /// <summary>The engine may have come back a moment ago.</summary>
    private async Task<JsonNode> AskAsync(HttpMethod method, string path, string body = "")
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            string problem;
            try
            {
                var answer = await World.Connection.SendAsync(method, path, Encoding.UTF8.GetBytes(body));
                if (answer.IsSuccess)
                {
                    return JsonNode.Parse(answer.Body.Span)!;
                }

                problem = answer.Error;
            }
            catch (NoResponseException error)
            {
                problem = error.Message;
            }

            if (bound.IsCancellationRequested)
            {
                throw new InvalidOperationException($"{method} {path}: {problem}");
            }

            await Task.Delay(100);
        }
    }
}
