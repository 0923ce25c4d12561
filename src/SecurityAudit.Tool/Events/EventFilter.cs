using System.Net;

namespace SecurityAudit.Tool.Events;

/// <summary>Which events are wanted: all conditions must hold, and of one condition's values any.</summary>
internal sealed record EventFilter
{
    private static readonly string[] UserFields =
        ["user.id", "user.name", "user.email", "user.target.id", "user.target.name", "user.target.email"];

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>Names of actions; a star at the end stands for any rest.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>Ids, names or e-mail addresses, of who acted or was acted upon.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    public IReadOnlyList<IPNetwork> Sources { get; init; } = [];

    /// <summary>Also the lines that the journal writes about itself.</summary>
    public bool IncludeControl { get; init; }

    public bool Matches(EventView e) =>
        (IncludeControl || !e.IsControl || Actions.Any(a => a.StartsWith("journal.", StringComparison.Ordinal)))
        && (From is null || e.Timestamp >= From)
        && (To is null || e.Timestamp < To)
        && (Actions.Count == 0 || Actions.Any(wanted => IsAction(e["event.action"], wanted)))
        && (Users.Count == 0 || UserFields.Any(field => Users.Contains(e[field], StringComparer.OrdinalIgnoreCase)))
        && (Sources.Count == 0 || (IPAddress.TryParse(e["source.ip"], out var source) && Sources.Any(network => Contains(network, source))));

    private static bool IsAction(string action, string wanted) =>
        wanted.EndsWith('*') ? action.StartsWith(wanted[..^1], StringComparison.Ordinal) : action == wanted;

    private static bool Contains(IPNetwork network, IPAddress source) =>
        network.Contains(source) || (source.IsIPv4MappedToIPv6 && network.Contains(source.MapToIPv4()));
}
