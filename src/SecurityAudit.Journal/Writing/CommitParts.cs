namespace SecurityAudit.Journal;

/// <summary>What the commit loop works with, for one log.</summary>
internal sealed record CommitParts
{
    public required string Directory { get; init; }

    public required Intake Intake { get; init; }

    public required SegmentChain Segments { get; init; }

    public required CheckpointSchedule Checkpoints { get; init; }

    public required AnchorFeeds Anchors { get; init; }

    public required Retention Retention { get; init; }

    public required SpaceWatch Space { get; init; }

    public required HealthBoard Health { get; init; }

    /// <summary>Makes the first line of a segment, given the tree before it.</summary>
    public required Func<MerkleTree, byte[]> Header { get; init; }
}
