namespace SecurityAudit.Journal;

/// <summary>Why some bytes are not the line that a journal has at a place.</summary>
internal enum LineFault
{
    /// <summary>They are.</summary>
    None,

    /// <summary>Longer than a line can be.</summary>
    TooLong,

    /// <summary>Not of a line's shape: the beginning with identity and sequence, the end with the hash.</summary>
    NotALine,

    /// <summary>A line of another journal.</summary>
    OtherJournal,

    /// <summary>A line of this journal from another place.</summary>
    OtherSequence,

    /// <summary>The hash that the line carries is not the hash of its entry.</summary>
    WrongHash,
}
