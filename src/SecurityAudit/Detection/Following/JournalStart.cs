using SecurityAudit.Journal;

namespace SecurityAudit.Detection.Following;

/// <summary>Where to begin to read, so that everything since a moment is read again.</summary>
internal static class JournalStart
{
    /// <summary>A bookmark behind which a reader finds the first segment that reaches back so far; null: the log's beginning.</summary>
    /// <param name="logDirectory">The log.</param>
    /// <param name="at">The line up to which the rules have judged; null: the log's end.</param>
    /// <param name="back">How far before it.</param>
    public static JournalBookmark? Of(string logDirectory, JournalBookmark? at, TimeSpan back)
    {
        var segments = JournalDirectory.Segments(logDirectory).Where(segment => at is null || segment.First <= at.Sequence).Reverse().ToList();
        DateTimeOffset? since = null;
        foreach (var segment in segments)
        {
            var begin = TimeOf(segment, 0);
            since ??= (at is not null && at.Segment == segment.Name ? TimeOf(segment, at.Offset) : begin) - back;
            if (begin is null || begin <= since)
            {
                // A reader looks for the line of its bookmark; where that has another hash, it begins with the segment.
                return new JournalBookmark(segment.Name, 0, segment.First, "");
            }
        }

        return null;
    }

    private static DateTimeOffset? TimeOf(JournalSegment segment, long offset)
    {
        try
        {
            using var lines = new SegmentLines(segment, offset);
            return lines.TryNext(out var framed) ? LineFields.Timestamp(framed.Span[1..]) : null;
        }
        catch (FileNotFoundException)
        {
            return null; // pruned since the directory was listed
        }
    }
}
