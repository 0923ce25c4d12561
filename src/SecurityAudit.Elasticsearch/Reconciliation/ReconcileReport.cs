namespace SecurityAudit.Elasticsearch.Reconciliation;

/// <summary>How one log compares.</summary>
/// <param name="LogId">The log.</param>
/// <param name="Events">Lines that the journal has.</param>
/// <param name="Once">Of these, stored exactly once with the journal's hash.</param>
/// <param name="Skipped">Lines that the journal lacks itself: pruned or damaged.</param>
/// <param name="Repaired">Events shipped, and doubles removed.</param>
/// <param name="Findings">What does not agree.</param>
internal sealed record ReconcileReport(string LogId, long Events, long Once, long Skipped, long Repaired, IReadOnlyList<ReconcileFinding> Findings)
{
    public bool Agrees => Findings.All(finding => finding.Kind == ReconcileFindingKind.Envelope);
}
