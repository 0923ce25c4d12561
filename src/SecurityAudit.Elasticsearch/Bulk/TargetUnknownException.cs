namespace SecurityAudit.Elasticsearch.Bulk;

/// <summary>Something answers, and it is neither Elasticsearch nor OpenSearch as far as it tells.</summary>
internal sealed class TargetUnknownException(string message) : IOException(message);
