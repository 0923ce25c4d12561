using SecurityAudit.Elasticsearch;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;

namespace SecurityAudit.Tool.Elasticsearch;

/// <summary>The engine that the options name, and what it is.</summary>
internal sealed record NamedEngine(ElasticsearchConnection Connection, ElasticsearchOptions Options, BulkTarget Target) : IDisposable
{
    public void Dispose() => Connection.Dispose();
}
