using SecurityAudit.Fields;

namespace SecurityAudit.Elasticsearch.Reconciliation;

/// <summary>What reconciling is to do.</summary>
internal sealed record ReconcileOptions
{
    /// <summary>Compares the hash that is stored beside each event, not the whole document.</summary>
    public bool HashesOnly { get; init; }

    /// <summary>Fields that the engine's ingest pipelines may add to a line.</summary>
    public IReadOnlyCollection<string> AddedFields { get; init; } = [AuditFields.Ingested.Name];

    /// <summary>Ships what is missing.</summary>
    public bool ShipMissing { get; init; }

    /// <summary>Deletes all but one document of a line that is stored more than once.</summary>
    public bool RemoveDoubled { get; init; }
}
