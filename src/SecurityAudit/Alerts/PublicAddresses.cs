using System.Net;
using System.Net.Sockets;

namespace SecurityAudit.Alerts;

/// <summary>
/// Which addresses are on the public Internet: what IANA's registries of special addresses name is not, however it is written (mapped into
/// IPv6, behind NAT64 or 6to4).
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] NotPublic4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] NotPublic6 = [.. new[] { "2001::/23", "2001:db8::/32", "3fff::/20" }.Select(IPNetwork.Parse)];
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    public static bool Contain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !Array.Exists(NotPublic4, network => network.Contains(address));
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        var plain = new IPAddress(address.GetAddressBytes()); // without a scope, which no network contains
        var bytes = plain.GetAddressBytes();
        return Nat64.Contains(plain) ? Contain(new IPAddress(bytes.AsSpan(12, 4)))
            : SixToFour.Contains(plain) ? Contain(new IPAddress(bytes.AsSpan(2, 4)))
            : Global6.Contains(plain) && !Array.Exists(NotPublic6, network => network.Contains(plain));
    }
}
