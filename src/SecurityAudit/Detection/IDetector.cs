namespace SecurityAudit.Detection;

/// <summary>Watches recorded events for an attack. Called by one thread at a time.</summary>
internal interface IDetector
{
    /// <summary>Takes one more event into account and returns the alerts that it raises, mostly none.</summary>
    IReadOnlyList<Alert> Observe(SecurityEvent recorded);

    /// <summary>Returns the alerts that the passing of time alone makes due: what became of attacks that were reported before.</summary>
    IReadOnlyList<Alert> Review();
}
