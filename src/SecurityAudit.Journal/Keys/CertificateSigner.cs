using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecurityAudit.Journal;

/// <summary>Signs with the ECDSA private key of a certificate, which the system's store may keep from being copied.</summary>
public sealed class CertificateSigner : IJournalSigner, IDisposable
{
    private readonly ECDsa _key;

    /// <summary>Uses a certificate that has a private key.</summary>
    /// <exception cref="JournalException">It has none, or not ECDSA.</exception>
    public CertificateSigner(X509Certificate2 certificate, string name = "security-audit")
    {
        ArgumentNullException.ThrowIfNull(certificate);
        _key = certificate.GetECDsaPrivateKey() ?? throw new JournalException(
            $"The certificate '{certificate.Subject}' ({certificate.Thumbprint}) has no ECDSA private key that this user may use, expected one on P-256, "
            + "P-384 or P-521. Grant access to the key or choose another certificate.");
        Key = VerifierKey.FromSpki(name, _key.ExportSubjectPublicKeyInfo());
    }

    /// <inheritdoc/>
    public VerifierKey Key { get; }

    /// <summary>Finds the certificate in a store by its thumbprint.</summary>
    /// <exception cref="JournalException">There is none.</exception>
    public static CertificateSigner FromStore(
        string thumbprint, StoreName store = StoreName.My, StoreLocation location = StoreLocation.CurrentUser, string name = "security-audit")
    {
        using var opened = new X509Store(store, location, OpenFlags.ReadOnly);
        var found = opened.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, validOnly: false);
        return found.Count > 0
            ? new CertificateSigner(found[0], name)
            : throw new JournalException(
                $"The store {location}/{store} has no certificate with thumbprint '{thumbprint}', expected one with an ECDSA private key. "
                + "Install it, or correct the thumbprint.");
    }

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> note) => _key.SignData(note, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
