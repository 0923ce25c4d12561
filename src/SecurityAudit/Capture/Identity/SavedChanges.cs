namespace SecurityAudit.Capture.Identity;

/// <summary>What one <c>DbContext</c> is about to make true.</summary>
internal sealed class SavedChanges
{
    /// <summary>Being written by a <c>SaveChanges</c> that is under way; keys that the database makes are read when it is over.</summary>
    public List<Func<SecurityEvent>> Writing { get; set; } = [];

    /// <summary>Written in a transaction that is still open.</summary>
    public List<SecurityEvent> Written { get; set; } = [];

    /// <summary>The application brought the transaction and commits it out of our sight.</summary>
    public bool TransactionIsForeign { get; set; }
}
