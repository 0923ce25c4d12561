using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SecurityAudit.Journal;

/// <summary>
/// A public key in the form of C2SP signed notes, <c>name+id+base64(0x02 ‖ SPKI)</c>: ECDSA with SHA-256 on P-256, P-384 or P-521. The id
/// is the first four bytes of the SHA-256 of the SPKI. Safe for several threads.
/// </summary>
public sealed class VerifierKey : IEquatable<VerifierKey>
{
    private const byte EcdsaType = 0x02;
    private static readonly string[] Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    // Importing a key takes OpenSSL longer than verifying with it, and the segments of a journal nearly always name the same one.
    private static VerifierKey? lastParsed;

    private readonly byte[] _spki;
    private readonly ECDsa _key;
    private readonly string _text;

    // The same checkpoint is asked about again and again while a log is opened, and costs 75 µs each time.
    private (byte[] Text, byte[] Signature) _verified = ([], []);

    private VerifierKey(string name, byte[] spki, ECDsa key)
    {
        Name = name;
        Id = Convert.ToHexStringLower(SHA256.HashData(spki).AsSpan(0, 4));
        _spki = spki;
        _key = key;
        _text = $"{Name}+{Id}+{Convert.ToBase64String([EcdsaType, .. spki])}";
    }

    /// <summary>
    /// Who the key speaks for. One key signs for every log of a directory, so it is not compared: the signed text names the log.
    /// </summary>
    public string Name { get; }

    /// <summary>Eight hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>The key in DER, as <c>openssl pkey -pubin -inform DER</c> reads it.</summary>
    public ReadOnlyMemory<byte> Spki => _spki;

    /// <summary>Makes a verifier key of a public key in DER (SubjectPublicKeyInfo).</summary>
    /// <exception cref="ArgumentException">The name is empty or has a space or a plus sign, or the key is not ECDSA on a NIST
    /// curve.</exception>
    public static VerifierKey FromSpki(string name, ReadOnlySpan<byte> spki)
    {
        if (!SignedNote.IsKeyName(name))
        {
            throw new ArgumentException($"The key name '{name}' is empty or has a space, a plus sign or a control character.", nameof(name));
        }

        return TryImport(name, spki, out var key)
            ? key
            : throw new ArgumentException("The public key is not ECDSA on P-256, P-384 or P-521.", nameof(spki));
    }

    /// <summary>Reads <c>name+id+base64</c>.</summary>
    /// <exception cref="FormatException">It is not one; the message says in what.</exception>
    public static VerifierKey Parse(string vkey)
    {
        ArgumentNullException.ThrowIfNull(vkey);
        return TryParse(vkey, out var key)
            ? key
            : throw new FormatException($"'{vkey}' is not a verifier key: expected name+id+base64 of an ECDSA key, as in journal.opened lines.");
    }

    /// <summary>Reads <c>name+id+base64</c>.</summary>
    public static bool TryParse(string? vkey, [NotNullWhen(true)] out VerifierKey? key)
    {
        key = Volatile.Read(ref lastParsed);
        if (key is not null && vkey == key._text)
        {
            return true;
        }

        key = null;
        // Three parts at most: the base64 may contain plus signs itself.
        if (vkey?.Split('+', 3) is not [var name, var id, var base64]
            || !SignedNote.IsKeyName(name)
            || !SignedNote.TryDecode(base64, out var bytes)
            || bytes is not [EcdsaType, .. var spki]
            || !TryImport(name, spki, out key)
            || key.Id != id)
        {
            return false;
        }

        Volatile.Write(ref lastParsed, key);
        return true;
    }

    /// <summary>The same key under another name.</summary>
    public VerifierKey WithName(string name) => FromSpki(name, _spki);

    /// <summary>Is this a signature (DER) of the key over the text?</summary>
    public bool Verify(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        lock (_key)
        {
            if (signature.SequenceEqual(_verified.Signature) && text.SequenceEqual(_verified.Text))
            {
                return true;
            }

            if (!_key.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
            {
                return false;
            }

            _verified = (text.ToArray(), signature.ToArray());
            return true;
        }
    }

    /// <summary>The same key, whatever its name.</summary>
    public bool Equals(VerifierKey? other) => other is not null && _spki.AsSpan().SequenceEqual(other._spki);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VerifierKey);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Id, StringComparison.Ordinal);

    /// <summary><c>name+id+base64</c>.</summary>
    public override string ToString() => _text;

    private static bool TryImport(string name, ReadOnlySpan<byte> spki, [NotNullWhen(true)] out VerifierKey? key)
    {
        key = null;
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportSubjectPublicKeyInfo(spki, out var read);
            if (read == spki.Length && Curves.Contains(ecdsa.ExportParameters(includePrivateParameters: false).Curve.Oid.Value))
            {
                key = new VerifierKey(name, spki.ToArray(), ecdsa);
            }
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            // Not a key of this kind: the caller reports it.
        }

        if (key is null)
        {
            ecdsa.Dispose();
        }

        return key is not null;
    }
}
