using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// The proof that a line is in a log that a checkpoint speaks for, to be checked offline with the line, this text and the key alone:
/// c2sp.org/tlog-proof.
/// </summary>
/// <param name="Index">The line's sequence number.</param>
/// <param name="Hashes">The inclusion proof, from the leaf's sibling up.</param>
/// <param name="Checkpoint">The checkpoint.</param>
public sealed record TlogProof(long Index, IReadOnlyList<byte[]> Hashes, Checkpoint Checkpoint)
{
    private const string Header = "c2sp.org/tlog-proof@v1";
    private const string ExtraStart = "extra ";

    /// <summary>
    /// The line itself, without its newline, so that the proof can be checked from one file; empty when the text does not carry it.
    /// </summary>
    /// <remarks>The specification's extra data: nothing vouches for it before <see cref="Verify"/> did.</remarks>
    public ReadOnlyMemory<byte> Line { get; init; }

    /// <summary>Reads the text of a proof.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out TlogProof? proof)
    {
        proof = null;
        if (text is null || text.IndexOf("\n\n", StringComparison.Ordinal) is var blank && blank < 0)
        {
            return false;
        }

        var lines = text[..blank].Split('\n').AsSpan();
        if (lines is not [Header, ..])
        {
            return false;
        }

        lines = lines[1..];
        var extra = Array.Empty<byte>();
        if (lines is [var extraText, ..] && extraText.StartsWith(ExtraStart, StringComparison.Ordinal))
        {
            if (!SignedNote.TryDecode(extraText[ExtraStart.Length..], out extra))
            {
                return false;
            }

            lines = lines[1..];
        }

        if (lines is not [var index, ..]
            || !index.StartsWith("index ", StringComparison.Ordinal)
            || !long.TryParse(index.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || index != string.Create(CultureInfo.InvariantCulture, $"index {number}")
            || !Checkpoint.TryParse(text[(blank + 2)..], out var checkpoint))
        {
            return false;
        }

        var hashes = new List<byte[]>();
        foreach (var line in lines[1..])
        {
            if (!SignedNote.TryDecode(line, out var hash) || hash.Length != MerkleHash.Length)
            {
                return false;
            }

            hashes.Add(hash);
        }

        proof = new TlogProof(number, hashes, checkpoint) { Line = extra };
        return true;
    }

    /// <summary>Is this line (without its newline) in the log at the proof's place, as the key says?</summary>
    public bool Verify(ReadOnlySpan<byte> line, VerifierKey key)
    {
        byte[] framed = [0, .. line];
        Span<byte> leaf = stackalloc byte[MerkleHash.Length];
        return line.Length <= JournalLineFormat.MaxLineLength
            && JournalLineFormat.TryParse(line, out var id, out var sequence, out _)
            && sequence == Index
            && Encoding.ASCII.GetString(id) == Checkpoint.JournalId
            && JournalLineFormat.HashEntry(framed, leaf)
            && MerkleProof.VerifyInclusion(Index, Checkpoint.Size, leaf, Hashes, Checkpoint.Root.Span)
            && Checkpoint.Verify(key);
    }

    /// <summary>The text of the proof; its files end in <c>.tlog-proof</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(Header).Append('\n');
        if (!Line.IsEmpty)
        {
            text.Append(ExtraStart).Append(Convert.ToBase64String(Line.Span)).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"index {Index}\n");
        foreach (var hash in Hashes)
        {
            text.Append(Convert.ToBase64String(hash)).Append('\n');
        }

        return text.Append('\n').Append(Checkpoint.Note).ToString();
    }
}
