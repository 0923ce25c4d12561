namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>An event that the engine refused for good.</summary>
internal sealed record DeadLetter(string JournalId, long Sequence, DateTimeOffset At, int Status, string Reason);
