namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>One <c>_bulk</c> request as it arrived, after every strict check.</summary>
internal sealed record BulkCall(int Number, string Path, string Query, IReadOnlyList<BulkDocument> Documents, int Bytes, string? Encoding);

internal sealed record BulkDocument(string? Index, string Id, byte[] Source);
