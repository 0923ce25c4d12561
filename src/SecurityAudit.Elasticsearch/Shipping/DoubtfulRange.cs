namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>Events that may be stored twice: the data stream rolled over between a try without an answer and the one that was answered.</summary>
internal sealed record DoubtfulRange(long From, long To, string? IndexBefore, string Index, DateTimeOffset At);
