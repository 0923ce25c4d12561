namespace SecurityAudit.Journal.Tests;

/// <summary>The verdict on a whole journal directory.</summary>
internal static class Sound
{
    public static void Assert(string directory)
    {
        foreach (var log in JournalDirectory.Logs(directory))
        {
            SegmentBytes[] segments = [.. log.Segments.Select(s => new SegmentBytes(s.First, (byte[])[0, .. File.ReadAllBytes(s.Path)]))];
            var end = LogScan.Scan(segments, []);
            Xunit.Assert.Null(end.Damage);
            Xunit.Assert.Equal(segments[^1].Length, end.Kept);
        }
    }
}
