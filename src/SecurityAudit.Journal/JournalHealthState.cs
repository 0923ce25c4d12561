namespace SecurityAudit.Journal;

/// <summary>The journal's condition in one word.</summary>
public enum JournalHealthState
{
    /// <summary>Every line reaches the disk.</summary>
    Healthy,

    /// <summary>
    /// Lines still reach the disk, but something needs a person: space runs low, an anchor cannot be reached, a log was damaged.
    /// </summary>
    Degraded,

    /// <summary>Lines do not reach the disk at present; the failure mode decides what becomes of them.</summary>
    Failed,
}
