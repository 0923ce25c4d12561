namespace SecurityAudit.Journal;

/// <summary>What is wrong at a place of a journal.</summary>
public enum FindingKind
{
    /// <summary>Bytes that are not a line.</summary>
    NotALine,

    /// <summary>A line whose content or hash was altered: the two do not fit.</summary>
    WrongHash,

    /// <summary>A line of another journal.</summary>
    OtherJournal,

    /// <summary>Lines are missing.</summary>
    MissingLines,

    /// <summary>A line in the wrong place, or a second time.</summary>
    OutOfOrder,

    /// <summary>A segment repeats a line of the segment before, but not the same.</summary>
    OverlapDiffers,

    /// <summary>A line that the journal writes about itself cannot be understood.</summary>
    UnreadableControlLine,

    /// <summary>
    /// The frontier with which a segment begins is not that of the lines before it: one of them was altered and its hash computed anew.
    /// </summary>
    WrongFrontier,

    /// <summary>A signed root is not that of the lines: one of them was altered and its hash computed anew.</summary>
    WrongRoot,

    /// <summary>A checkpoint that no trusted key signed.</summary>
    UntrustedSignature,

    /// <summary>The key changed without the word of the key before.</summary>
    UntrustedKeyChange,

    /// <summary>A checkpoint covers more lines than there are: the log was cut or rolled back.</summary>
    RolledBack,

    /// <summary>Not one checkpoint of a pinned key: nothing is proven.</summary>
    NothingSigned,

    /// <summary>Lines stand behind the signed end of a log that was closed in order: the writer did not write them.</summary>
    BehindSignedEnd,

    /// <summary>Two logs bear the same identity: one is a copy.</summary>
    DuplicateLog,

    /// <summary>The writer found this log damaged and went on in another; its marker says why.</summary>
    MarkedDamaged,
}
