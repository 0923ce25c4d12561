using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Detection;

/// <summary>
/// By what a rule groups or tells apart events: the field that a query over the same events would use, so that a rule can name it.
/// </summary>
internal sealed record EventDimension(Field<string> Field)
{
    /// <summary>
    /// The one source of all that came without an address, through a Unix socket say: an attack that comes that way is an attack.
    /// </summary>
    public const string UnknownAddress = "an unknown address";

    private const int LongestKey = 128;

    /// <summary>
    /// Where the request came from: the IPv4 address, or the IPv6 network of 64 bits, which is what one host or home has; <see
    /// cref="UnknownAddress"/> where there is none.
    /// </summary>
    public static EventDimension Source { get; } = new(EventFields.SourceIp);

    /// <summary>Who acted: the account's id, or the hash of a name that no account has.</summary>
    public static EventDimension User { get; } = new(EventFields.User.Id);

    /// <summary>The value as a key of bounded length, whatever was sent.</summary>
    public string? KeyOf(SecurityEvent e)
    {
        var value = Read(e);
        return value is not { Length: > LongestKey } ? value : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
    }

    private string? Read(SecurityEvent e) =>
        Field == EventFields.SourceIp ? e[Field] is string address ? Network(address) : UnknownAddress
        : Field == EventFields.User.Id ? e.User?.Id ?? e[EventFields.User.Hash] as string ?? e.User?.Name
        : Field == EventFields.User.Name ? e.User?.Name
        : Field == EventFields.Target.Id ? e.Target?.Id
        : Field == EventFields.Target.Name ? e.Target?.Name
        : Field == EventFields.Action ? e.Action
        : Field == EventFields.Reason ? e.Reason
        : e[Field] as string;

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
