using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>
/// A signed statement that a log had this many lines and this root, as c2sp.org/tlog-checkpoint. Parsing believes nothing:
/// call <see cref="Verify"/>.
/// </summary>
public sealed record Checkpoint
{
    private Checkpoint(string origin, long size, byte[] root, SignedNote note, string text)
    {
        Origin = origin;
        Size = size;
        Root = root;
        SignedNote = note;
        Note = text;
    }

    /// <summary>Which log: the journal's origin, a slash, its id.</summary>
    public string Origin { get; }

    /// <summary>How many lines it covers.</summary>
    public long Size { get; }

    /// <summary>The RFC 6962 root over them, 32 bytes.</summary>
    public ReadOnlyMemory<byte> Root { get; }

    /// <summary>The whole signed note, as it is published.</summary>
    public string Note { get; }

    /// <summary>The id of the log, the origin's last part.</summary>
    public string JournalId => Origin[(Origin.LastIndexOf('/') + 1)..];

    internal SignedNote SignedNote { get; }

    /// <summary>
    /// Signs the state of a log. Sign only what is durable: a signed line that a crash takes away looks like tampering for ever.
    /// </summary>
    public static Checkpoint Sign(string origin, long size, ReadOnlySpan<byte> root, IJournalSigner signer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentNullException.ThrowIfNull(signer);
        if (root.Length != MerkleHash.Length)
        {
            throw new ArgumentException($"A root has {MerkleHash.Length} bytes, not {root.Length}.", nameof(root));
        }

        if (!SignedNote.IsKeyName(origin))
        {
            throw new ArgumentException($"The origin '{origin}' is empty or has a space, a plus sign or a control character.", nameof(origin));
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{origin}\n{size}\n{Convert.ToBase64String(root)}\n");
        return Parse(SignedNote.Sign(text, signer));
    }

    /// <summary>Reads a signed note.</summary>
    /// <exception cref="FormatException">It is not a checkpoint.</exception>
    public static Checkpoint Parse(string note) => TryParse(note, out var checkpoint)
        ? checkpoint
        : throw new FormatException("This is not a checkpoint: expected origin, size, base64 root, a blank line and signature lines (c2sp.org/tlog-checkpoint).");

    /// <summary>Reads a signed note.</summary>
    public static bool TryParse([NotNullWhen(true)] string? note, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        checkpoint = null;
        if (!SignedNote.TryParse(note, out var signed)
            || signed.Text[..^1].Split('\n') is not [{ Length: > 0 } origin, var sizeText, var rootText, .. var extensions]
            || !long.TryParse(sizeText, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || (sizeText[0] == '0' && sizeText.Length > 1)
            || !SignedNote.TryDecode(rootText, out var root)
            || root.Length != MerkleHash.Length
            || extensions.Contains(""))
        {
            return false;
        }

        checkpoint = new Checkpoint(origin, size, root, signed, note);
        return true;
    }

    /// <summary>
    /// Did this key sign it? The signature line must bear the key's name, or the origin, as in journals of earlier builds.
    /// </summary>
    public bool Verify(VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return SignedNote.IsSignedBy(key) || SignedNote.IsSignedBy(key, Origin);
    }

    /// <summary>The same note.</summary>
    public bool Equals(Checkpoint? other) => other is not null && Note == other.Note;

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Note, StringComparison.Ordinal);

    /// <summary>The whole signed note.</summary>
    public override string ToString() => Note;
}
