using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace SecurityAudit.Capture;

/// <summary>
/// Where requests come from, as they are counted: the IPv4 address, or the IPv6 network of 64 bits, which is what one host or home has.
/// Requests without an address (a Unix socket) are one source together.
/// </summary>
internal readonly record struct SourceNetwork(UInt128 Bits)
{
    public static SourceNetwork None { get; } = new(UInt128.MaxValue);

    public static SourceNetwork Of(IPAddress? address)
    {
        if (address is null)
        {
            return None;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            bytes[10..12].Fill(0xff); // as an IPv6 socket shows the same address
            address.TryWriteBytes(bytes[12..], out _);
        }
        else
        {
            address.TryWriteBytes(bytes, out _);
            if (!address.IsIPv4MappedToIPv6)
            {
                bytes[8..].Clear();
            }
        }

        return new SourceNetwork(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }
}
