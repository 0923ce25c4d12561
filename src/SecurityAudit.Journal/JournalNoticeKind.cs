namespace SecurityAudit.Journal;

/// <summary>The things about itself that a journal reports.</summary>
public enum JournalNoticeKind
{
    /// <summary>A signing key was created because there was none.</summary>
    KeyCreated,

    /// <summary>The signing key differs from the one that the log was written with.</summary>
    KeyChanged,

    /// <summary>
    /// A crash had left a torn end, which was moved to quarantine, or lines that no signature covers, which were adopted and marked; no
    /// acknowledged line was touched.
    /// </summary>
    Recovered,

    /// <summary>Acknowledged lines are missing or altered; the log is kept as it is and a new one was begun.</summary>
    Damaged,

    /// <summary>The log is older than what an anchor has seen of it; it is kept as it is and a new one was begun.</summary>
    RolledBack,

    /// <summary>Another process holds the first log, so this one writes its own.</summary>
    SlotTaken,

    /// <summary>A segment was given up after an error; its unacknowledged lines were written again to a new one.</summary>
    SegmentReplaced,

    /// <summary>The journal cannot be written.</summary>
    Failed,

    /// <summary>The journal can be written again.</summary>
    Restored,

    /// <summary>Lines were dropped while the journal could not be written; the count is in the journal too.</summary>
    Gap,

    /// <summary>The volume has less free space than it should.</summary>
    SpaceLow,

    /// <summary>The volume is nearly full.</summary>
    SpaceCritical,

    /// <summary>An anchor could not be reached or gave something that is not a checkpoint of this log.</summary>
    AnchorFailed,

    /// <summary>Segments past their time were removed.</summary>
    Pruned,

    /// <summary>The wall clock went back.</summary>
    ClockStepped,

    /// <summary>The log stands elsewhere than where it was written: it was copied, restored or moved.</summary>
    Copied,

    /// <summary>Others than this user may write the directory.</summary>
    Exposed,

    /// <summary>The signer failed: lines are written, but no checkpoint covers them until it works again.</summary>
    SignerFailed,

    /// <summary>The key file's group might read it, as Kubernetes' <c>fsGroup</c> makes it; its mode is 0600 again.</summary>
    KeyModeRestored,

    /// <summary>Segments past their time stay, or were removed all the same, though a consumer has not settled them.</summary>
    Unsettled,
}
