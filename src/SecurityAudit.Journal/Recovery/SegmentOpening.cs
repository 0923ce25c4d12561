using System.Text;

namespace SecurityAudit.Journal;

/// <summary>What the first line of a segment says about the segment.</summary>
/// <param name="Id">The log that the line is of.</param>
/// <param name="Control">The <c>journal.opened</c> line; null when the segment repeats the lines of a poisoned one, or cannot be
/// understood.</param>
/// <param name="Before">The tree before the segment; null without a control line, or when its size, root and frontier contradict each
/// other.</param>
internal sealed record SegmentOpening(string Id, ControlLine? Control, MerkleTree? Before)
{
    /// <summary>All that it takes to go on from here without the segments before; null when something of it is missing.</summary>
    public SegmentHead? Head { get; } = Control is { Format: not null } && Before is not null && VerifierKey.TryParse(Control.VerifierKey, out var key)
        ? new SegmentHead(Id, Before, key, Control.Address)
        : null;

    /// <summary>Reads the first line of a file; null when it is not this segment's or was altered.</summary>
    public static SegmentOpening? Read(JournalSegment segment)
    {
        using var lines = new SegmentLines(segment, 0);
        return lines.TryNext(out var framed) ? Of(framed.Span, segment.First) : null;
    }

    /// <summary>The same of a segment in memory.</summary>
    public static SegmentOpening? Read(SegmentBytes segment)
    {
        var framed = segment.Framed.Span;
        var length = framed[1..].IndexOf((byte)'\n');
        return length < 0 ? null : Of(framed[..(1 + length)], segment.First);
    }

    private static SegmentOpening? Of(Span<byte> framed, long first)
    {
        var line = framed[1..];
        if (line.Length > JournalLineFormat.MaxLineLength
            || !JournalLineFormat.TryParse(line, out var id, out var sequence, out var payloadStart)
            || sequence != first
            || !JournalLineFormat.HashEntry(framed, stackalloc byte[MerkleHash.Length]))
        {
            return null;
        }

        var control = ControlLine.IsOne(line, payloadStart)
            && ControlLine.TryParse(line, out var read)
            && read.Action == ControlAction.Opened
            ? read
            : null;
        return new SegmentOpening(Encoding.ASCII.GetString(id), control, control is null ? null : Tree(control, sequence));
    }

    private static MerkleTree? Tree(ControlLine opened, long sequence)
    {
        if (opened is not { Size: { } size, Frontier: { } frontier, Root: { } root } || size != sequence)
        {
            return null;
        }

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
