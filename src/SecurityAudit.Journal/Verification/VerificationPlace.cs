namespace SecurityAudit.Journal;

/// <summary>Where in a log the verification stands, and what it has found there.</summary>
internal sealed class VerificationPlace(long first, Findings findings)
{
    /// <summary>The log's first line that is still there.</summary>
    public long First { get; } = first;

    public required JournalSegment Segment { get; set; }

    /// <summary>The sequence number of the next line.</summary>
    public long Expected { get; set; } = first;

    /// <summary>A finding stands already for whatever root does not fit from here on.</summary>
    public bool IsRootExplained { get; set; }

    /// <summary>A finding stands already for whatever sequence number does not fit from here on.</summary>
    public bool IsJumpExplained { get; set; }

    /// <summary>One of several bad lines in a row, which make one finding.</summary>
    public void BadLine(FindingKind kind, long offset, string message) =>
        findings.AddToRun(kind, Segment.Path, offset, Expected, $"{Segment.Path} at byte {offset}: {message}.");

    public void Bad(FindingKind kind, long offset, string message) => Bad(kind, offset, Expected, message);

    public void Bad(FindingKind kind, long offset, long sequence, string message) =>
        Bad(Segment.Path, kind, offset, sequence, $"{Segment.Path} at byte {offset}: {message}.");

    public void Bad(string path, FindingKind kind, long offset, long sequence, string message)
    {
        findings.Add(kind, path, offset, sequence, message);
        findings.EndRun();
    }

    /// <summary>A line that is as it should be: what was wrong before it is one finding, what comes after it another.</summary>
    public void Good()
    {
        IsJumpExplained = false;
        findings.EndRun();
    }
}
