namespace SecurityAudit.Journal;

/// <summary>
/// Reads from when to when ranges of lines were stamped, each segment at most once. Lines without a time that can be read count for
/// nothing.
/// </summary>
internal static class StampedLines
{
    /// <summary>The earliest and the latest time in each of the ranges, each from a line up to, without, another.</summary>
    public static IReadOnlyList<(DateTimeOffset? Earliest, DateTimeOffset? Latest)> Spans(IReadOnlyList<JournalSegment> segments, IReadOnlyList<(long From, long To)> ranges)
    {
        var spans = new (DateTimeOffset? Earliest, DateTimeOffset? Latest)[ranges.Count];
        for (var i = 0; i < segments.Count; i++)
        {
            var (first, end) = (segments[i].First, i + 1 < segments.Count ? segments[i + 1].First : long.MaxValue);
            int[] inHere = [.. Enumerable.Range(0, ranges.Count).Where(range => ranges[range].From < end && ranges[range].To > first)];
            if (inHere.Length > 0)
            {
                Read(segments[i], end, ranges, inHere, spans);
            }
        }

        return spans;
    }

    private static void Read(
        JournalSegment segment, long end, IReadOnlyList<(long From, long To)> ranges, int[] inHere, (DateTimeOffset? Earliest, DateTimeOffset? Latest)[] spans)
    {
        using var lines = new SegmentLines(segment, 0);
        while (lines.TryNext(out var framed))
        {
            var line = framed.Span[1..];
            if (!JournalLineFormat.TryParse(line, out _, out var sequence, out _) || sequence >= end || LineFields.Timestamp(line) is not { } time)
            {
                continue;
            }

            foreach (var range in inHere)
            {
                if (sequence >= ranges[range].From && sequence < ranges[range].To)
                {
                    var (earliest, latest) = spans[range];
                    spans[range] = (earliest < time ? earliest : time, latest > time ? latest : time);
                }
            }
        }
    }
}
