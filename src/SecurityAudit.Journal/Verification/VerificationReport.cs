namespace SecurityAudit.Journal;

/// <summary>The verdict on a journal.</summary>
/// <param name="Logs">What was found out about each log.</param>
/// <param name="Findings">Everything that is wrong, log by log, in the order of the lines.</param>
public sealed record VerificationReport(IReadOnlyList<LogReport> Logs, IReadOnlyList<VerificationFinding> Findings)
{
    /// <summary>What is proven of the journal: the worst of its logs.</summary>
    public JournalVerdict Verdict => Findings.Count > 0 ? JournalVerdict.NotSound : Logs.Max(log => log.Verdict);
}
