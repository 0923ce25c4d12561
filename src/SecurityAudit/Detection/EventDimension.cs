using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Detection;

/// <summary>By what a rule groups or tells apart events.</summary>
/// <param name="Field">The ECS field that a query over the same events would use.</param>
/// <param name="Read">The value in an event; null when it has none.</param>
internal sealed record EventDimension(Field<string> Field, Func<SecurityEvent, string?> Read)
{
    private const int LongestKey = 128;

    /// <summary>Where the request came from: the IPv4 address, or the IPv6 network of 64 bits, which is what one host or home has.</summary>
    public static EventDimension Source { get; } = new(EventFields.SourceIp, e => e[EventFields.SourceIp] is string address ? Network(address) : null);

    /// <summary>Who acted: the account's id, or the hash of a name that no account has.</summary>
    public static EventDimension User { get; } = new(EventFields.User.Id, e => e.User?.Id ?? e[EventFields.User.Hash] as string ?? e.User?.Name);

    /// <summary>The value as a key of bounded length, whatever was sent.</summary>
    public string? KeyOf(SecurityEvent e)
    {
        var value = Read(e);
        return value is not { Length: > LongestKey } ? value : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
    }

    private static string Network(string address)
    {
        if (!address.Contains(':', StringComparison.Ordinal) || !IPAddress.TryParse(address, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (parsed.IsIPv4MappedToIPv6)
        {
            return parsed.MapToIPv4().ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
