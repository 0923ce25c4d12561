using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SecurityAudit.Alerts;

/// <summary>
/// <c>SecurityAudit-Signature: t=1700000000,v1=…</c>: the HMAC-SHA256, in lower-case hexadecimal, of the seconds since 1970, a full stop and
/// the body, under the secret. To be checked by whoever holds it: <c>(printf '%s.' "$t"; cat body) | openssl dgst -sha256 -hmac "$secret"</c>.
/// </summary>
internal static class WebhookSignature
{
    public const string Header = "SecurityAudit-Signature";

    public static string Of(string secret, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(seconds + "."));
        hmac.AppendData(body);
        return $"t={seconds},v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }
}
