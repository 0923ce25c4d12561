namespace SecurityAudit.Journal.Tests;

/// <summary>The verifier's verdict on a whole journal directory.</summary>
internal static class Sound
{
    /// <summary>Is nothing wrong? What is proven is the verdict's to say.</summary>
    public static bool HasNoFindings(this VerificationReport report) => report.Verdict != JournalVerdict.NotSound;

    /// <summary>The same of one log.</summary>
    public static bool HasNoFindings(this LogReport log) => log.Verdict != JournalVerdict.NotSound;

    public static void Assert(string directory)
    {
        var report = JournalVerifier.Verify(directory);
        Xunit.Assert.Empty(report.Findings.Select(f => $"{f.Kind} {f.Segment}:{f.Offset} {f.Message}"));
        Xunit.Assert.True(report.HasNoFindings());
    }
}
