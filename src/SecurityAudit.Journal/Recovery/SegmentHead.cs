namespace SecurityAudit.Journal;

/// <summary>The header of a segment, <c>journal.opened</c>, read from its first line and checked against the line's own hash.</summary>
internal sealed record SegmentHead(string Id, long First, MerkleTree Before, VerifierKey Key, int Format, LogAddress? Address)
{
    /// <summary>Reads the header from the segment's first bytes, of which the first is room for hashing; null when there is none.</summary>
    public static SegmentHead? Parse(Span<byte> framed)
    {
        var length = framed[1..].IndexOf((byte)'\n');
        if (length < 0 || length > JournalLineFormat.MaxLineLength)
            return null;
        framed = framed[..(1 + length)];
        var line = framed[1..];
        Span<byte> leaf = stackalloc byte[MerkleHash.Length];
        if (!JournalLineFormat.TryParse(line, out var id, out var sequence, out var payloadStart)
            || !ControlLine.IsOne(line, payloadStart)
            || !JournalLineFormat.HashEntry(framed, leaf)
            || !ControlLine.TryParse(line, out var control)
            || control is not { Action: ControlAction.Opened, Frontier: { } frontier, Format: { } format }
            || control.Size != sequence
            || !VerifierKey.TryParse(control.VerifierKey, out var key)
            || frontier.Count != System.Numerics.BitOperations.PopCount((ulong)sequence)
            || frontier.Any(hash => hash.Length != MerkleHash.Length))
            return null;
        return new SegmentHead(System.Text.Encoding.ASCII.GetString(id), sequence, MerkleTree.FromFrontier(sequence, frontier), key, (int)format, control.Address);
    }

    /// <summary>Reads the header of a file; null when it does not begin with one.</summary>
    public static SegmentHead? Read(string path)
    {
        var framed = new byte[1 + JournalLineFormat.MaxLineLength + 1];
        using var file = Disk.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var length = file.ReadAtLeast(framed.AsSpan(1), framed.Length - 1, throwOnEndOfStream: false);
        return Parse(framed.AsSpan(0, 1 + length));
    }
}
