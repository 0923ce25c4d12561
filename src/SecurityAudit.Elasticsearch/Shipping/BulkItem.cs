namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>The answer to one event.</summary>
internal readonly record struct BulkItem(ItemVerdict Verdict, int Status, string Index, string? Reason);
