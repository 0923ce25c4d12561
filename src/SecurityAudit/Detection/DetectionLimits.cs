namespace SecurityAudit.Detection;

/// <summary>
/// What one rule may remember, whoever sends events: about 30 MB at the very worst. Beyond it, what was least recently active is forgotten.
/// </summary>
/// <param name="Groups">Groups (sources, say) at once.</param>
/// <param name="Observations">Events in all groups together.</param>
internal sealed record DetectionLimits(int Groups = 10_000, int Observations = 100_000);
