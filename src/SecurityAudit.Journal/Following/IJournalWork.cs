namespace SecurityAudit.Journal;

/// <summary>What somebody does with the logs of a journal, one after another: ships them, delivers their alerts.</summary>
internal interface IJournalWork
{
    /// <summary>
    /// Takes the right to work on a log; false while another process has it. True without a lock where one cannot be made and the work is
    /// to be done all the same.
    /// </summary>
    bool TryLock(string logId, out IDisposable? held);

    /// <summary>What is said while another process works on this process's log.</summary>
    string InUse(string logId);

    /// <summary>Takes up the work on a log where it was left off.</summary>
    /// <param name="logId">The log.</param>
    /// <param name="size">How many lines it has; what comes behind them is new. <see cref="long.MaxValue"/>: nobody writes it.</param>
    ILogWork Begin(string logId, long size);

    /// <summary>Hears what went wrong on this side, before it is tried again.</summary>
    void Failed(Exception error);
}
