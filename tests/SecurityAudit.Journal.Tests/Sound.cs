namespace SecurityAudit.Journal.Tests;

/// <summary>The verifier's verdict on a whole journal directory.</summary>
internal static class Sound
{
    public static void Assert(string directory)
    {
        var report = JournalVerifier.Verify(directory);
        Xunit.Assert.Empty(report.Findings.Select(f => $"{f.Kind} {f.Segment}:{f.Offset} {f.Message}"));
        Xunit.Assert.True(report.IsSound);
    }
}
