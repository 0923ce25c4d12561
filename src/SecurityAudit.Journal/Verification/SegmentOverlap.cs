namespace SecurityAudit.Journal;

/// <summary>
/// After a failed write a segment is poisoned: what had not been acknowledged comes again, the same bytes, in the next segment, which
/// counts. Behind the last acknowledged line the poisoned segment may hold anything that the disk left there, but no line that differs.
/// </summary>
internal static class SegmentOverlap
{
    /// <summary>The first line from an offset on that the next segment has too, but otherwise; null when there is none.</summary>
    public static (long Offset, long Sequence)? FirstDifference(JournalSegment poisoned, long offset, JournalSegment next)
    {
        using var old = new SegmentLines(poisoned, offset);
        using var repeated = new SegmentLines(next, 0);
        Span<byte> leaf = stackalloc byte[MerkleHash.Length];
        var at = offset;
        while (old.TryNext(out var line)
            && JournalLineFormat.TryParse(line.Span[1..], out _, out var sequence, out _)
            && JournalLineFormat.HashEntry(line.Span, leaf)
            && repeated.TryNext(out var again))
        {
            if (!line.Span[1..].SequenceEqual(again.Span[1..]))
            {
                return (at, sequence);
            }

            at = old.Offset;
        }

        return null;
    }
}
