namespace SecurityAudit.Elasticsearch.AcrossNodes;

/// <summary>A stored event.</summary>
/// <param name="At">When it happened, as it says.</param>
/// <param name="LogId">The log that it is of.</param>
/// <param name="Sequence">Its number there; -1 where it has none.</param>
/// <param name="Utf8">The document as it was shipped.</param>
internal sealed record StoredLine(DateTimeOffset At, string LogId, long Sequence, ReadOnlyMemory<byte> Utf8)
{
    /// <summary>It is stored a second time: it counts once.</summary>
    public bool IsCopy { get; init; }
}
