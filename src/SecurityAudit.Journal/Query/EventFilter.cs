using System.Net;

namespace SecurityAudit.Journal;

/// <summary>
/// Which events are wanted: all conditions must hold, and of one condition's values any. Without conditions: every event, but not the
/// journal's own lines.
/// </summary>
public sealed record EventFilter
{
    /// <summary>Events at this time or later. An event without a time that can be read is then not wanted.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Events before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Names of actions; a star at the end stands for any rest: <c>authn_*</c>.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>Ids, names or e-mail addresses, in whatever case, of who acted or was acted upon.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary><c>success</c>, <c>failure</c> or <c>unknown</c>.</summary>
    public IReadOnlyList<string> Outcomes { get; init; } = [];

    /// <summary>
    /// Networks, or single addresses, that events came from. An IPv4 address that is mapped into IPv6 counts as IPv4, too.
    /// </summary>
    public IReadOnlyList<IPNetwork> Sources { get; init; } = [];

    /// <summary>Texts, in whatever case, that stand in any field's value.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Also the lines that the journal writes about itself. An action that begins with <c>journal.</c> wants them, too.</summary>
    public bool IncludeControl { get; init; }

    /// <summary>Is this event wanted? Throws for no event, however hostile.</summary>
    public bool Matches(JournalEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return (IncludeControl || !e.IsControl || Actions.Any(action => action.StartsWith("journal.", StringComparison.Ordinal)))
            && (From is null || e.Timestamp >= From)
            && (To is null || e.Timestamp < To)
            && (Actions.Count == 0 || Actions.Any(action => IsAction(e.Action, action)))
            && (Outcomes.Count == 0 || Outcomes.Contains(e.Outcome, StringComparer.OrdinalIgnoreCase))
            && (Users.Count == 0 || Users.Any(e.IsAbout))
            && (Sources.Count == 0 || (IPAddress.TryParse(e.Source, out var source) && Sources.Any(network => Contains(network, source))))
            && (Texts.Count == 0 || e.Fields.Values.Any(value => Texts.Any(text => value.Contains(text, StringComparison.OrdinalIgnoreCase))));
    }

    private static bool IsAction(string action, string wanted) =>
        wanted.EndsWith('*') ? action.StartsWith(wanted[..^1], StringComparison.Ordinal) : action == wanted;

    private static bool Contains(IPNetwork network, IPAddress source) =>
        network.Contains(source) || (source.IsIPv4MappedToIPv6 && network.Contains(source.MapToIPv4()));
}
