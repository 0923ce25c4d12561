using System.Security.Cryptography;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// Signs with an ECDSA P-256 key in a PEM file that belongs to this user and is readable by nobody else. It protects against whoever can
/// write the journal but not read the key; whoever runs as the same user can do both: see <see cref="CertificateSigner"/> and
/// <see cref="DelegateSigner"/>.
/// </summary>
public sealed class PemFileSigner : IJournalSigner, IDisposable
{
    private readonly ECDsa _key;

    private PemFileSigner(ECDsa key, string name)
    {
        _key = key;
        Key = VerifierKey.FromSpki(name, key.ExportSubjectPublicKeyInfo());
    }

    /// <inheritdoc/>
    public VerifierKey Key { get; }

    /// <summary>Reads a key.</summary>
    /// <param name="path">The PEM file.</param>
    /// <param name="name">The name in the verifier key.</param>
    /// <remarks>
    /// The file belongs to this user with mode 0600, or to root, who may then let a group of this user's read it (0440: a Kubernetes secret
    /// with <c>fsGroup</c>, a credential of systemd).
    /// </remarks>
    /// <exception cref="JournalException">There is no such file, others may read it, somebody else owns it, or it holds no P-256
    /// key.</exception>
    public static PemFileSigner Open(string path, string name = "security-audit")
    {
        if (!File.Exists(path))
        {
            throw new JournalException($"There is no key file '{path}', expected an ECDSA P-256 private key in PEM. Create one with 'security-audit keygen'.");
        }

        KeyFileAccess.Check(path);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            if (key.ExportParameters(includePrivateParameters: true).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value)
            {
                return new PemFileSigner(key, name);
            }

            key.Dispose();
            throw Unusable(path, "a key of another curve", cause: null);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw Unusable(path, "no private key", e);
        }
    }

    /// <summary>Creates a key file with mode 0600, durable before it is used.</summary>
    /// <exception cref="JournalException">There is a file already: a key is never overwritten.</exception>
    public static PemFileSigner Create(string path, string name = "security-audit") =>
        TryCreate(path)
            ? Open(path, name)
            : throw new JournalException($"The key file '{path}' exists, expected none: lines signed with it could no longer be continued. Move it away first, and keep it.");

    /// <summary>Reads the key, or creates it when there is none.</summary>
    public static PemFileSigner OpenOrCreate(string path, string name, out bool created)
    {
        created = !File.Exists(path) && TryCreate(path);
        return Open(path, name);
    }

    /// <summary>Writes the key to a file that is not there any more.</summary>
    internal void SaveIfMissing(string path)
    {
        if (!File.Exists(path))
        {
            TryWrite(path, _key);
        }
    }

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> note) => _key.SignData(note, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <summary>False when somebody else was quicker: sixteen processes may start at once.</summary>
    private static bool TryCreate(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return TryWrite(path, key);
    }

    private static bool TryWrite(string path, ECDsa key)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Disk.CreateDirectory(directory);
        var draft = Path.Combine(directory, $".{Path.GetRandomFileName()}");
        try
        {
            Disk.WriteFile(draft, FileMode.CreateNew, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
            File.Move(draft, path, overwrite: false);
            Disk.Sync(directory);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static JournalException Unusable(string path, string found, Exception? cause) =>
        new($"The key file '{path}' holds {found}, expected an ECDSA P-256 private key in PEM. Restore it from a copy, or move it away so that a new key is made.", cause);
}
