namespace SecurityAudit.Journal;

/// <summary>The names in a log directory beside its segments, and of the keys in the journal directory.</summary>
internal static class LogFiles
{
    /// <summary>Held by the process that writes the log.</summary>
    public const string Lock = "lock";

    /// <summary>Says that the log must not be continued, and why.</summary>
    public const string Damaged = "damaged";

    /// <summary>Torn tails.</summary>
    public const string Quarantine = "quarantine";

    /// <summary>Space that is given up for the last lines when the volume is full.</summary>
    public const string Reserve = "reserve";

    public const string Keys = "keys";
    public const string Key = "journal.pem";

    /// <summary>The key that signed before, kept beside the new one until it has vouched for it.</summary>
    public const string PreviousKey = "journal.previous.pem";
}
