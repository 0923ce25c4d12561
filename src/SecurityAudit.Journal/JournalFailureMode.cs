namespace SecurityAudit.Journal;

/// <summary>What becomes of a line while the journal cannot be written.</summary>
public enum JournalFailureMode
{
    /// <summary>The application goes on; what does not fit into the bounded buffer is counted and recorded as <c>journal.gap</c>.</summary>
    Continue,

    /// <summary>
    /// The caller gets a <see cref="JournalUnavailableException"/> after a bounded wait, so that it can leave undone what would be
    /// unrecorded.
    /// </summary>
    Refuse,
}
