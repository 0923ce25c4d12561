namespace SecurityAudit.Elasticsearch;

/// <summary>Which of the two families of servers answers.</summary>
public enum ElasticsearchDistribution
{
    /// <summary>Found out from the first answer.</summary>
    Auto,

    /// <summary>Elasticsearch 8 or 9.</summary>
    Elasticsearch,

    /// <summary>OpenSearch 2 or later.</summary>
    OpenSearch,
}
