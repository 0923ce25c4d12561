using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// The proof that a log only grew between a checkpoint that its reader kept and a newer one. Its text is the request that
/// c2sp.org/tlog-witness takes, so a witness reads it too.
/// </summary>
/// <param name="OldSize">How many lines the older checkpoint covers.</param>
/// <param name="Hashes">The consistency proof of RFC 6962, section 2.1.2.</param>
/// <param name="Checkpoint">The newer checkpoint.</param>
public sealed record ConsistencyProof(long OldSize, IReadOnlyList<byte[]> Hashes, Checkpoint Checkpoint)
{
    private const string OldStart = "old ";

    /// <summary>Reads the text of a proof.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ConsistencyProof? proof)
    {
        proof = null;
        if (text is null || text.IndexOf("\n\n", StringComparison.Ordinal) is var blank && blank < 0)
        {
            return false;
        }

        var lines = text[..blank].Split('\n');
        if (!lines[0].StartsWith(OldStart, StringComparison.Ordinal)
            || !long.TryParse(lines[0].AsSpan(OldStart.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var old)
            || lines[0] != string.Create(CultureInfo.InvariantCulture, $"{OldStart}{old}")
            || !Checkpoint.TryParse(text[(blank + 2)..], out var checkpoint))
        {
            return false;
        }

        var hashes = new List<byte[]>();
        foreach (var line in lines.Skip(1))
        {
            if (!SignedNote.TryDecode(line, out var hash) || hash.Length != MerkleHash.Length)
            {
                return false;
            }

            hashes.Add(hash);
        }

        proof = new ConsistencyProof(old, hashes, checkpoint);
        return true;
    }

    /// <summary>Does the log of the newer checkpoint begin with what this older one covers, and did the key sign the newer one?</summary>
    public bool Verify(Checkpoint old, VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(old);
        return old.Size == OldSize
            && old.Origin == Checkpoint.Origin
            && MerkleProof.VerifyConsistency(OldSize, Checkpoint.Size, old.Root.Span, Checkpoint.Root.Span, Hashes)
            && Checkpoint.Verify(key);
    }

    /// <summary>The text of the proof.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{OldStart}{OldSize}\n");
        foreach (var hash in Hashes)
        {
            text.Append(Convert.ToBase64String(hash)).Append('\n');
        }

        return text.Append('\n').Append(Checkpoint.Note).ToString();
    }
}
