using System.Security.Cryptography;

namespace SecurityAudit.Journal.Tests;

/// <summary>A fresh key in memory.</summary>
internal sealed class TestSigner : IJournalSigner
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestSigner() => Key = VerifierKey.FromSpki("security-audit", _key.ExportSubjectPublicKeyInfo());

    public VerifierKey Key { get; }

    public byte[] Sign(ReadOnlySpan<byte> note) => _key.SignData(note, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}
