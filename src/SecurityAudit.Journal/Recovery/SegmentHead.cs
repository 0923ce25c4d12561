namespace SecurityAudit.Journal;

/// <summary>
/// What a log can be continued from: the lines before a segment as one tree, the key that signs from there on, and where the log stood.
/// </summary>
internal sealed record SegmentHead(string Id, MerkleTree Before, VerifierKey Key, LogAddress? Address)
{
    /// <summary>The segment's first line.</summary>
    public long First => Before.Size;
}
