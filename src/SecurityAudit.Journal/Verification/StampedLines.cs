namespace SecurityAudit.Journal;

/// <summary>Reads from when to when a range of lines was stamped. Lines without a time that can be read count for nothing.</summary>
internal static class StampedLines
{
    public static (DateTimeOffset? Earliest, DateTimeOffset? Latest) Span(IReadOnlyList<JournalSegment> segments, long from, long to)
    {
        DateTimeOffset? earliest = null, latest = null;
        for (var i = 0; i < segments.Count; i++)
        {
            var end = i + 1 < segments.Count ? segments[i + 1].First : long.MaxValue;
            if (end <= from || segments[i].First >= to)
            {
                continue;
            }

            using var lines = new SegmentLines(segments[i], 0);
            while (lines.TryNext(out var framed))
            {
                if (!JournalLineFormat.TryParse(framed.Span[1..], out _, out var sequence, out _) || sequence < from || sequence >= Math.Min(to, end))
                {
                    continue;
                }

                if (LineFields.Timestamp(framed.Span[1..]) is { } time)
                {
                    earliest = earliest < time ? earliest : time;
                    latest = latest > time ? latest : time;
                }
            }
        }

        return (earliest, latest);
    }
}
