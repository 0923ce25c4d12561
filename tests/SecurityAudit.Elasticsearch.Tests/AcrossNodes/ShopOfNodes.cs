using System.Text.Json.Nodes;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Elasticsearch.AcrossNodes;
using SecurityAudit.Elasticsearch.Rules;

namespace SecurityAudit.Elasticsearch.Tests.AcrossNodes;

/// <summary>Three nodes with a journal each, shipped to one engine.</summary>
internal sealed class ShopOfNodes : IDisposable
{
    private readonly List<DiskLog> _logs = [];

    private ShopOfNodes(World world) => World = world;

    public World World { get; }

    public static async Task<ShopOfNodes> OpenAsync(Engines engines, string engine, IEnumerable<(int Node, JsonObject Event)> events)
    {
        var shop = new ShopOfNodes(await World.CreateAsync(engines, engine));
        await shop.HappenAsync(events);
        return shop;
    }

    /// <summary>The nodes record it and ship it.</summary>
    public async Task HappenAsync(IEnumerable<(int Node, JsonObject Event)> events)
    {
        foreach (var node in events.GroupBy(e => e.Node))
        {
            var lines = node.Select(e => e.Event.ToJsonString()).ToList();
            var log = DiskLog.Of(lines.Count, number => lines[(int)number]);
            _logs.Add(log);
            await World.ShipAsync(log);
        }

        await Ask.RefreshAsync(World.Connection, World.Target.Search);
    }

    public CrossNodeDetection Detection(IAlertRecord record, DateTimeOffset? from = null, ToldAttacks? told = null, TimeSpan? late = null, DetectionRule? more = null) => new(
        World.Connection,
        World.Target,
        Settings with { Rules = more is null ? Settings.Rules : [.. Settings.Rules, more], Late = late ?? TimeSpan.FromHours(3) },
        told ?? new ToldAttacks(),
        record,
        from ?? AttackHour.Begin);

    public static CrossNodeSettings Settings { get; } = new([.. RuleCatalogue.BuiltIn.Values], Lists, new RuleExceptions())
    {
        Failed = (rule, failure) => Assert.Fail($"{rule}: {failure}"),
    };

    public static SecurityAudit.Detection.Engine.NamedLists Lists => new RuleLists(["Admin"], ["svc-backup"], []).Of(new DetectionSettings());

    public void Dispose()
    {
        _logs.ForEach(log => log.Dispose());
        World.Dispose();
    }
}

/// <summary>Keeps what is recorded.</summary>
internal sealed class KeptAlerts : IAlertRecord
{
    public List<SecurityEvent> All { get; } = [];

    public bool Takes { get; set; } = true;

    public IEnumerable<string> Raised => All.Where(alert => alert.Kind == "alert").Select(alert => $"{alert["rule.id"]} {alert["security_audit.alert.group"]}");

    public bool TryRecord(SecurityEvent alert)
    {
        if (Takes)
        {
            All.Add(alert);
        }

        return Takes;
    }
}
