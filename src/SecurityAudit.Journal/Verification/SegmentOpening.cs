namespace SecurityAudit.Journal;

/// <summary>What the first line of a segment says about the segment.</summary>
/// <param name="Control">The <c>journal.opened</c> line; null when the segment repeats the lines of a poisoned one, or cannot be understood.</param>
/// <param name="Frontier">The tree before the segment; null without a control line, or when its fields contradict each other.</param>
internal sealed record SegmentOpening(ControlLine? Control, MerkleTree? Frontier)
{
    /// <summary>Reads the first line; null when it is not this segment's or was altered.</summary>
    public static SegmentOpening? Read(JournalSegment segment)
    {
        using var lines = new SegmentLines(segment, 0);
        if (!lines.TryNext(out var framed)
            || !JournalLineFormat.TryParse(framed.Span[1..], out _, out var sequence, out var payloadStart)
            || sequence != segment.First
            || !JournalLineFormat.HashEntry(framed.Span, stackalloc byte[MerkleHash.Length]))
            return null;
        var control = ControlLine.IsOne(framed.Span[1..], payloadStart)
            && ControlLine.TryParse(framed.Span[1..], out var read)
            && read.Action == ControlAction.Opened
            ? read
            : null;
        return new SegmentOpening(control, control is null ? null : Tree(control, sequence));
    }

    private static MerkleTree? Tree(ControlLine opened, long sequence)
    {
        if (opened is not { Size: { } size, Frontier: { } frontier, Root: { } root } || size != sequence)
            return null;
        try
        {
            var tree = MerkleTree.FromFrontier(size, frontier);
            return tree.Root().AsSpan().SequenceEqual(root) ? tree : null;
        }
        catch (ArgumentException)
        {
            return null; // as many or as long hashes as no tree of this size has
        }
    }
}
