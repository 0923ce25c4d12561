using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SecurityAudit.Detection.Engine;

/// <summary>What of an address tells one source from another: an IPv4 address, or the IPv6 network of 64 bits, which one host or home has.</summary>
internal static class Networks
{
    /// <summary>How an address that is not there is shown.</summary>
    public const string Unknown = "an unknown address";

    /// <summary>The bytes by which an IPv6 address is known; of one that is mapped from IPv4 the text of that. False for what is no address.</summary>
    public static bool TryWrite(ReadOnlySpan<byte> address, Span<byte> network, out int written)
    {
        written = 0;
        if (!IPAddress.TryParse(address, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        if (parsed.IsIPv4MappedToIPv6)
        {
            return parsed.MapToIPv4().TryFormat(network, out written);
        }

        parsed.TryWriteBytes(network, out _);
        written = 8;
        return true;
    }

    /// <summary>The source as people write it: <c>192.0.2.7</c>, <c>2001:db8:1:2::/64</c>.</summary>
    public static string Text(string? address)
    {
        if (address is null)
        {
            return Unknown;
        }

        Span<byte> network = stackalloc byte[16];
        if (!address.Contains(':', StringComparison.Ordinal) || !TryWrite(Encoding.UTF8.GetBytes(address), network, out var written))
        {
            return address;
        }

        if (written != 8)
        {
            return Encoding.ASCII.GetString(network[..written]);
        }

        network[8..].Clear();
        return $"{new IPAddress(network)}/64";
    }
}
