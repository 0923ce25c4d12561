using System.Net;
using System.Text;
using SecurityAudit.Fields;

namespace SecurityAudit.Detection.Engine;

/// <summary>Whose events are left alone: by address, by account, by program.</summary>
internal sealed class ExceptedEvents(IReadOnlyList<RuleExceptions> exceptions, FieldSlots slots)
{
    private readonly IPNetwork[] _sources = [.. exceptions.SelectMany(some => some.Sources).Select(Parse)];
    private readonly HashSet<string> _users = exceptions.SelectMany(some => some.Users).ToHashSet(StringComparer.OrdinalIgnoreCase);
    private readonly byte[][] _agents = [.. exceptions.SelectMany(some => some.Agents).Select(Encoding.UTF8.GetBytes)];
    private readonly int _source = slots.Of(EventFields.SourceIp.Name);
    private readonly int _userId = slots.Of(EventFields.User.Id.Name);
    private readonly int _userName = slots.Of(EventFields.User.Name.Name);
    private readonly int _agent = slots.Of(EventFields.UserAgent.Name);

    public bool Has(EventView e) => IsSource(e) || IsUser(e) || IsAgent(e);

    /// <summary>An address or a network; null for what is neither.</summary>
    public static IPNetwork? TryParse(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    private static IPNetwork Parse(string text) => TryParse(text) ?? throw new FormatException($"'{text}' is neither an address nor a network.");

    private bool IsSource(EventView e)
    {
        if (_sources.Length == 0 || !IPAddress.TryParse(e.Value(_source), out var address))
        {
            return false;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.Exists(_sources, network => network.Contains(plain));
    }

    private bool IsUser(EventView e) =>
        _users.Count > 0 && ((e.Text(_userId) is { } id && _users.Contains(id)) || (e.Text(_userName) is { } name && _users.Contains(name)));

    private bool IsAgent(EventView e)
    {
        foreach (var agent in _agents)
        {
            if (e.Value(_agent).StartsWith(agent))
            {
                return true;
            }
        }

        return false;
    }
}
