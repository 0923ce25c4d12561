using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>
/// Finds the end of a log from the bytes of its last segments: a pure function, so that millions of crashes can be tried on it. A line
/// stands when it is whole, of this log, in its place, and has its own hash. What is behind the last line that stands is a torn tail,
/// unless a signature says that it was durable once: that is damage. So is what stands behind the signed end of a log that was closed in
/// order.
/// </summary>
/// <remarks>
/// Behind the acknowledged lines a stale block can hold a line that this log wrote in an earlier life, with just the next number. It
/// stands: what it tells did happen, nobody was told otherwise, and nothing signed can contradict it, since only durable sizes are signed.
/// </remarks>
internal static class LogScan
{
    /// <param name="segments">The last segments in order; all of them from the last one with a header on.</param>
    /// <param name="signers">Keys whose word counts, beside those that the headers name.</param>
    public static LogEnd Scan(ReadOnlySpan<SegmentBytes> segments, IReadOnlyList<VerifierKey> signers)
    {
        if (segments.IsEmpty)
        {
            return new LogEnd(Id: null, new MerkleTree(), Segments: 0, Kept: 0, Key: null, Damage: null);
        }

        if (SegmentOpening.Read(segments[0])?.Head is not { } head)
        {
            return WithoutHead(segments, signers);
        }

        var walk = new LogWalk(head, signers);
        for (var i = 0; i < segments.Length; i++)
        {
            if (walk.Tree.Size < segments[i].First)
            {
                return walk.End(i, Text($"segment {segments[i].First} follows, but the lines before it end at {walk.Tree.Size}"));
            }

            var isLast = i == segments.Length - 1;
            walk.Segment(segments[i], isLast ? long.MaxValue : segments[i + 1].First);
            if (isLast && walk.Kept == 0)
            {
                return DropLast(segments, signers, walk);
            }
        }

        return walk.End(segments.Length, walk.Damage(segments[^1]));
    }

    /// <summary>
    /// Not one line of the last segment stands: the log ends in the one before, unless something durable was in the last.
    /// </summary>
    private static LogEnd DropLast(ReadOnlySpan<SegmentBytes> segments, IReadOnlyList<VerifierKey> signers, LogWalk walk)
    {
        var damage = walk.Damage(segments[^1]);
        var end = Scan(segments[..^1], signers);
        if (end.Tree.Size < segments[^1].First)
        {
            damage ??= Text($"segment {segments[^1].First} was begun, but the lines before it end at {end.Tree.Size}");
        }

        return end with { Damage = end.Damage ?? damage };
    }

    /// <summary>Without a header nothing can be continued; a log that did not get beyond its first write never held anything.</summary>
    private static LogEnd WithoutHead(ReadOnlySpan<SegmentBytes> segments, IReadOnlyList<VerifierKey> signers)
    {
        var nothing = new LogEnd(Id: null, new MerkleTree(), Segments: 0, Kept: 0, Key: null, Damage: null);
        if (segments.Length > 1 || segments[0].First > 0)
        {
            return nothing with { Damage = Text($"segment {segments[0].First} has no readable journal.opened line") };
        }

        var covered = SignedSize.In(segments[0].Framed.Span, id: null, signers);
        return covered == 0 ? nothing : nothing with { Damage = Text($"the first line is unreadable, but a signed checkpoint covers {covered} lines") };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
