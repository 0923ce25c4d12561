namespace SecurityAudit.Detection.Following;

/// <summary>What of the journal detection is reading.</summary>
internal enum FollowingStage
{
    /// <summary>Lines that were judged before: they are counted again, and nothing is told.</summary>
    Rebuilding,

    /// <summary>Lines that were written before the start and not judged: what they show is told at the end, once it is clear that it was not.</summary>
    CatchingUp,

    /// <summary>Lines as they become durable.</summary>
    Live,
}
