namespace SecurityAudit.Elasticsearch.Reconciliation;

/// <summary>One event about which journal and engine do not agree.</summary>
internal sealed record ReconcileFinding(ReconcileFindingKind Kind, string LogId, long Sequence, string Detail);

internal enum ReconcileFindingKind
{
    /// <summary>In the journal, not in the engine.</summary>
    Missing,

    /// <summary>More than once in the engine.</summary>
    Doubled,

    /// <summary>In the engine with another hash or other content than the journal's.</summary>
    Changed,

    /// <summary>
    /// Another line is in the engine under the same sequence number, with a hash of its own: the log was copied, and both copies went on.
    /// </summary>
    Fork,

    /// <summary>In the engine as an envelope: the engine refused the event.</summary>
    Envelope,

    /// <summary>In the engine, but behind the journal's end: the journal was cut, or rolled back.</summary>
    BeyondTheEnd,

    /// <summary>A checkpoint in the engine covers more lines than the journal has: the journal was cut, or rolled back.</summary>
    CheckpointBeyondTheEnd,
}
