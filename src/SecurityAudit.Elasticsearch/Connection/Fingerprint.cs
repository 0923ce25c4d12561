using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecurityAudit.Elasticsearch.Connection;

/// <summary>Accepts the one certificate with this SHA-256, or one for the right host that the authority with this SHA-256 issued.</summary>
internal sealed class Fingerprint
{
    private readonly byte[] _sha256;

    private Fingerprint(byte[] sha256) => _sha256 = sha256;

    public static Fingerprint? TryParse(string text)
    {
        var hex = text.Replace(":", "", StringComparison.Ordinal).Trim();
        return hex.Length == 64 && hex.All(char.IsAsciiHexDigit) ? new Fingerprint(Convert.FromHexString(hex)) : null;
    }

    /// <summary>Returns null when the certificate is the pinned one or issued by it, otherwise why it is refused.</summary>
    public string? Refuses(X509Certificate2 served, X509Chain? sent, SslPolicyErrors errors)
    {
        if (IsPinned(served))
        {
            return null;
        }

        foreach (var authority in Sent(sent).Where(IsPinned))
        {
            if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            {
                return $"its certificate ({served.Subject}) is issued by the pinned authority, but for another host name";
            }

            if (IsIssuedBy(served, authority, sent!))
            {
                return null;
            }
        }

        return $"its certificate has the SHA-256 fingerprint {served.GetCertHashString(HashAlgorithmName.SHA256)}, and neither it nor an issuer has the pinned one, "
            + $"{Convert.ToHexString(_sha256)}. If the certificate was renewed, set Fingerprint to the new one; otherwise somebody answers in the server's place";
    }

    private static bool IsIssuedBy(X509Certificate2 served, X509Certificate2 authority, X509Chain sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // a private authority publishes no list
        return chain.Build(served);
    }

    private static IEnumerable<X509Certificate2> Sent(X509Chain? chain) =>
        chain is null ? [] : chain.ChainElements.Select(element => element.Certificate).Concat(chain.ChainPolicy.ExtraStore);

    private bool IsPinned(X509Certificate2 certificate) =>
        CryptographicOperations.FixedTimeEquals(certificate.GetCertHash(HashAlgorithmName.SHA256), _sha256);
}
