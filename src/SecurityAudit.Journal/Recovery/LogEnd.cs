namespace SecurityAudit.Journal;

/// <summary>Where a log ends, as the recovery found it.</summary>
/// <param name="Id">The log's identity; null when not one line of it is whole.</param>
/// <param name="Tree">The tree of all the lines that stand.</param>
/// <param name="Segments">How many of the scanned segments have at least one line that stands.</param>
/// <param name="Kept">The bytes of the last of them that stand; what is behind them is torn.</param>
/// <param name="Key">The key that the log was last signed with.</param>
/// <param name="Damage">Why the log is not merely torn; null when a crash explains all.</param>
internal sealed record LogEnd(string? Id, MerkleTree Tree, int Segments, int Kept, VerifierKey? Key, string? Damage)
{
    /// <summary>
    /// Behind the last line that a signature proves, the checkpoint itself included. The lines from here on stand, but whoever may write
    /// the files could have written them.
    /// </summary>
    public long Proven { get; init; }

    /// <summary>Do lines stand at the end that no signature proves?</summary>
    public bool HasUnproven => Proven < Tree.Size;

    /// <summary>Where the log stood when its last segment was begun; null when that does not say.</summary>
    public LogAddress? Address { get; init; }
}
