namespace SecurityAudit.Journal;

/// <summary>How the journal stands at one moment; a value, so that a health check may read it as often as it likes.</summary>
/// <param name="State">The state in one word.</param>
/// <param name="Reason">Why it is not healthy: what was found, what was expected, what to do. Empty when healthy.</param>
/// <param name="Dropped">Lines that this writer was given and could not take since it was opened.</param>
public sealed record JournalHealth(JournalHealthState State, string Reason, long Dropped)
{
    internal static JournalHealth Healthy { get; } = new(JournalHealthState.Healthy, "", 0);
}
