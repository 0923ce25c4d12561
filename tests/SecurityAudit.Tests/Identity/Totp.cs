using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace SecurityAudit.Tests.Identity;

/// <summary>An authenticator app: RFC 6238 with SHA-1, 30 seconds and six digits.</summary>
internal static class Totp
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string Of(string key)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // authenticator apps speak HMAC-SHA-1
        var hash = HMACSHA1.HashData(Decode(key), counter);
#pragma warning restore CA5350
        var value = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (value % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string text)
    {
        List<byte> bytes = [];
        var (bits, value) = (0, 0);
        foreach (var letter in text)
        {
            value = (value << 5) | Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if ((bits += 5) >= 8)
            {
                bytes.Add((byte)(value >> (bits -= 8)));
                value &= (1 << bits) - 1;
            }
        }

        return [.. bytes];
    }
}
