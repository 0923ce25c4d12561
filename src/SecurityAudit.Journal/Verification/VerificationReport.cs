namespace SecurityAudit.Journal;

/// <summary>The verdict on a journal.</summary>
/// <param name="Logs">What was found out about each log.</param>
/// <param name="Findings">Everything that is wrong, log by log, in the order of the lines.</param>
public sealed record VerificationReport(IReadOnlyList<LogReport> Logs, IReadOnlyList<VerificationFinding> Findings)
{
    /// <summary>Is nothing wrong?</summary>
    public bool IsSound => Findings.Count == 0;
}
