using System.Security.Cryptography;
using System.Text;

namespace SecurityAudit.Journal.Tests;

/// <summary>Values for tests that do not care which.</summary>
internal static partial class Some
{
    public const string Origin = "security-audit/k3f5x2ab";

    public static ReadOnlySpan<byte> Id => "k3f5x2ab"u8;

    public static DateTimeOffset Moment => new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static LogAddress Address => new("web-07", "8:1", "4711");

    public static TestSigner Signer() => new();

    public static byte[] Hash(int seed) => SHA256.HashData(BitConverter.GetBytes(seed));

    public static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
