namespace SecurityAudit.Journal;

/// <summary>What a verification comes to, the best first. Each says what is proven, and against whom.</summary>
public enum JournalVerdict
{
    /// <summary>
    /// Every line is covered by a signature of a key that was given: nobody without that key has altered, removed, added or moved one. Only
    /// with an anchor is it also proven that nothing was cut off at the end since the anchored checkpoint.
    /// </summary>
    Sound,

    /// <summary>
    /// The same, but for lines that no signature covers (<see cref="LogReport.Unproven"/>), and those are no more than a crash or the
    /// present moment leaves.
    /// </summary>
    PartlyProven,

    /// <summary>
    /// Nothing contradicts anything, but no key was given: the journal was verified with the key that it names itself, and whoever holds
    /// the files can have made all of it.
    /// </summary>
    Consistent,

    /// <summary>
    /// Nothing contradicts the key that was given, but more lines have no signature than a crash explains: somebody may have written them.
    /// </summary>
    Unproven,

    /// <summary>Something is not what was written: see the findings.</summary>
    NotSound,
}
