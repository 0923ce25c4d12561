namespace SecurityAudit.Journal;

/// <summary>The work on one log, in its order: lines are taken up, and then settled together or one by one.</summary>
internal interface ILogWork
{
    /// <summary>How long what was taken up may wait for more before it is settled; zero: not at all; infinite: there is nothing to settle.</summary>
    TimeSpan Patience { get; }

    /// <summary>A reader at the place from which to go on.</summary>
    JournalReader Open(string logDirectory);

    /// <summary>Takes up what the reader has now.</summary>
    Task FillAsync(JournalReader reader, CancellationToken cancellationToken);

    /// <summary>Settles what was taken up, or tries to.</summary>
    Task SettleAsync(CancellationToken cancellationToken);

    /// <summary>It is left off here, perhaps in the midst of something: what was done is written down.</summary>
    void Suspend();
}
