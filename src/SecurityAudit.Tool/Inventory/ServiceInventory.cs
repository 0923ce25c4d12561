using SecurityAudit.Journal;

namespace SecurityAudit.Tool.Inventory;

/// <summary>One application on one host, as the journal tells of it.</summary>
internal sealed class ServiceInventory(string service, string environment, string host)
{
    /// <summary>Further kinds of events are counted together: who may write the journal could make any number.</summary>
    private const int MostActions = 500;

    public const string Others = "(others)";

    private readonly Dictionary<string, long> _actions = new(StringComparer.Ordinal);

    public string Service { get; } = service;

    public string Environment { get; } = environment;

    public string Host { get; } = host;

    /// <summary>The version in the newest event that has one.</summary>
    public string Version { get; private set; } = "";

    /// <summary>The version of the Elastic Common Schema that the names are of.</summary>
    public string EcsVersion { get; private set; } = "";

    public DateTimeOffset? First { get; private set; }

    public DateTimeOffset? Last { get; private set; }

    public long Events { get; private set; }

    /// <summary>How many events of each kind, the most frequent first.</summary>
    public IEnumerable<KeyValuePair<string, long>> Actions => _actions.OrderByDescending(action => action.Value).ThenBy(action => action.Key, StringComparer.Ordinal);

    /// <summary>The newest; null where there is none, as of a version before there was such an event.</summary>
    public CoverageReport? Coverage { get; private set; }

    public void Add(JournalEvent e)
    {
        Events++;
        First ??= e.Timestamp;
        Last = e.Timestamp ?? Last;
        Version = e["service.version"] is { Length: > 0 } version ? version : Version;
        EcsVersion = e["ecs.version"] is { Length: > 0 } ecs ? ecs : EcsVersion;
        var action = _actions.Count < MostActions || _actions.ContainsKey(e.Action) ? e.Action : Others;
        _actions[action] = _actions.GetValueOrDefault(action) + 1;
        if (e.Action == CoverageReport.Action)
        {
            Coverage = CoverageReport.Of(e) ?? Coverage;
        }
    }
}
