namespace SecurityAudit.Journal;

/// <summary>Looks for checkpoints in bytes of which not every line stands.</summary>
internal static class SignedSize
{
    /// <summary>
    /// The largest size that an unaltered checkpoint line in there covers with a signature of one of the keys; 0 when none does.
    /// </summary>
    /// <param name="framed">Lines or what is left of them, behind one byte of room.</param>
    /// <param name="id">The log that the checkpoint must speak of; null when the log is unknown.</param>
    /// <param name="keys">Whose signature counts.</param>
    public static long In(Span<byte> framed, string? id, IReadOnlyList<VerifierKey> keys)
    {
        var size = 0L;
        while (framed[1..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            if (Read(framed[..(1 + length)]) is { } checkpoint
                && checkpoint.Size > size
                && (id is null || checkpoint.JournalId == id)
                && keys.Any(checkpoint.Verify))
            {
                size = checkpoint.Size;
            }

            framed = framed[(1 + length)..];
        }

        return size;
    }

    private static Checkpoint? Read(Span<byte> framed)
    {
        Span<byte> leaf = stackalloc byte[MerkleHash.Length];
        return JournalLineFormat.TryParse(framed[1..], out _, out _, out var payloadStart)
            && ControlLine.IsOne(framed[1..], payloadStart)
            && JournalLineFormat.HashEntry(framed, leaf)
            && ControlLine.TryParse(framed[1..], out var control)
            && Checkpoint.TryParse(control!.Checkpoint, out var checkpoint)
            ? checkpoint
            : null;
    }
}
