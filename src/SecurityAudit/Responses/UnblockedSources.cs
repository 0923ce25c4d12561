using System.Net;
using Microsoft.Extensions.Options;
using SecurityAudit.Detection.Engine;

namespace SecurityAudit.Responses;

/// <summary>Which addresses are never blocked, and why.</summary>
internal sealed class UnblockedSources(IOptions<SecurityAuditOptions> options, ForwardedSources forwarded)
{
    private const string TrustsAnybody =
        "ForwardedHeadersOptions trusts every sender, so whoever attacks chooses whom to block: name the proxies in KnownProxies or KnownIPNetworks";

    private const string IsPrivate = "a proxy may have this address: SecurityAudit:Response:BlockSource:IncludePrivateNetworks blocks in private networks, too";

    private static readonly IPNetwork[] Private = Parsed(
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10", "fec0::/10");

    /// <summary>All of IPv4, as a translating router shows it: one network of 64 bits for everybody.</summary>
    private static readonly IPNetwork[] Translated = Parsed("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32");

    private readonly IPNetwork[] _excepted = Parsed([.. options.Value.Detection.Exceptions.Sources]);
    private readonly IPNetwork[] _never = Parsed([.. options.Value.Response.NeverBlock]);
    private readonly bool _includesPrivate = options.Value.Response.BlockSource.IncludePrivateNetworks;

    /// <summary>Why it is not blocked; null where it may be.</summary>
    public string? ReasonFor(IPAddress given)
    {
        var address = ForwardedSources.Plain(given);
        return IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "this machine itself is never blocked"
            : Has(_excepted, address) ? "SecurityAudit:Detection:Exceptions:Sources has this address"
            : Has(_never, address) ? "SecurityAudit:Response:NeverBlock has this address"
            : forwarded.IsKnownProxy(address) ? "everybody behind this proxy would be blocked"
            : Has(Translated, address) ? "many who share nothing have addresses in this network"
            : forwarded.TrustsAnybody ? TrustsAnybody
            : !_includesPrivate && Has(Private, address) ? IsPrivate
            : null;
    }

    private static bool Has(IPNetwork[] networks, IPAddress address) => Array.Exists(networks, network => network.Contains(address));

    private static IPNetwork[] Parsed(params string[] texts) => [.. texts.Select(text => ExceptedEvents.TryParse(text)).OfType<IPNetwork>()];
}
