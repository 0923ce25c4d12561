using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SecurityAudit.Enrichment;

/// <summary>
/// Ids of events: UUIDs of version 7 (RFC 9562), which sort by their moment. Their random bits are the system's, fetched for many ids at once:
/// asked for one id, as <see cref="Guid.CreateVersion7()"/> asks, they take longer than all else of it. Safe for any thread.
/// </summary>
internal static class EventUuid
{
    private const int RandomBytes = 10;
    private const int IdsAtOnce = 100;

    [ThreadStatic]
    private static byte[]? s_random;

    [ThreadStatic]
    private static int s_used;

    /// <param name="moment">Of 1970 or later.</param>
    public static Guid New(DateTimeOffset moment)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, moment.ToUnixTimeMilliseconds() << 16);
        TakeRandom(id[6..]);
        id[6] = (byte)((id[6] & 0x0F) | 0x70); // the version
        id[8] = (byte)((id[8] & 0x3F) | 0x80); // the variant
        return new Guid(id, bigEndian: true);
    }

    private static void TakeRandom(Span<byte> random)
    {
        var ready = s_random ??= new byte[RandomBytes * IdsAtOnce];
        if (s_used % ready.Length == 0)
        {
            RandomNumberGenerator.Fill(ready);
            s_used = 0;
        }

        ready.AsSpan(s_used, RandomBytes).CopyTo(random);
        s_used += RandomBytes;
    }
}
