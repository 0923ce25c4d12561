namespace SecurityAudit.Elasticsearch.Reconciliation;

/// <summary>One stored document of a log.</summary>
internal sealed record StoredEvent(string Index, string Id, long Sequence, string? Hash, bool IsEnvelope, byte[]? Source);
