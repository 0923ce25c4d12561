using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// A text and who signed it, as c2sp.org/signed-note: the text, a blank line, then lines of em dash, key name and base64.
/// </summary>
internal sealed record SignedNote(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    private const int KeyIdLength = 4;
    private const string SignatureStart = "\u2014 ";

    /// <summary>Longer notes are not read: sixteen post-quantum signatures would fit.</summary>
    private const int MaxLength = 128 * 1024;

    /// <summary>Signs a text that ends with a newline; the signature line carries the name under which the key is published.</summary>
    public static string Sign(string text, IJournalSigner signer)
    {
        var signature = signer.Sign(Encoding.UTF8.GetBytes(text));
        return $"{text}\n{SignatureStart}{signer.Key.Name} {Convert.ToBase64String([.. Convert.FromHexString(signer.Key.Id), .. signature])}\n";
    }

    /// <summary>Reads a note; nothing in it is to be believed before <see cref="IsSignedBy(VerifierKey)"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? note, [NotNullWhen(true)] out SignedNote? parsed)
    {
        parsed = null;
        if (note is null || note.Length > MaxLength || !note.EndsWith('\n') || note.Any(c => c < ' ' && c != '\n'))
        {
            return false;
        }

        var blank = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (blank < 0 || blank + 2 == note.Length)
        {
            return false;
        }

        var signatures = new List<NoteSignature>();
        foreach (var line in note[(blank + 2)..^1].Split('\n'))
        {
            if (!TryParseSignature(line, out var signature))
            {
                return false;
            }

            signatures.Add(signature);
        }

        parsed = new SignedNote(note[..(blank + 1)], signatures);
        return true;
    }

    /// <summary>Does a signature line of this key's name carry a signature of it that verifies?</summary>
    public bool IsSignedBy(VerifierKey key) => IsSignedBy(key, key.Name);

    /// <summary>Does a signature line of this name carry a signature of this key that verifies?</summary>
    public bool IsSignedBy(VerifierKey key, string name) =>
        Signatures.Any(s => s.Name == name && s.KeyId == key.Id && key.Verify(Encoding.UTF8.GetBytes(Text), s.Signature));

    /// <summary>Key names are not empty and have no spaces, no plus sign and no control characters.</summary>
    public static bool IsKeyName(string? name) =>
        !string.IsNullOrEmpty(name) && !name.Any(c => c == '+' || char.IsWhiteSpace(c) || char.IsControl(c));

    /// <summary>Reads canonical base64: one text for one value.</summary>
    public static bool TryDecode(string base64, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var buffer = new byte[(base64.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(base64, buffer, out var length) || Convert.ToBase64String(buffer, 0, length) != base64)
        {
            return false;
        }

        bytes = buffer[..length];
        return true;
    }

    private static bool TryParseSignature(string line, [NotNullWhen(true)] out NoteSignature? signature)
    {
        signature = null;
        if (!line.StartsWith(SignatureStart, StringComparison.Ordinal)
            || line[SignatureStart.Length..].Split(' ') is not [var name, var base64]
            || !IsKeyName(name)
            || !TryDecode(base64, out var bytes)
            || bytes.Length <= KeyIdLength)
        {
            return false;
        }

        signature = new NoteSignature(name, Convert.ToHexStringLower(bytes.AsSpan(0, KeyIdLength)), bytes[KeyIdLength..]);
        return true;
    }
}
