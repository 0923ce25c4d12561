namespace SecurityAudit.Journal;

/// <summary>
/// Somebody who reads the journal and must be done with a line before retention may remove it: a shipper, an archive. Bookmark files in the
/// journal's folder <c>shipping</c> count without one (<see cref="JournalOptions.Consumers"/>).
/// </summary>
public interface IJournalConsumer
{
    /// <summary>Its name in messages.</summary>
    string Name { get; }

    /// <summary>
    /// How many lines of this log, from its first on, it is done with; 0 when it cannot tell. Asked at most once an hour, on the thread
    /// that writes the journal, so it answers from what it knows and waits for nobody. What it throws counts as 0 and is said.
    /// </summary>
    long SettledSize(JournalLog log);
}
