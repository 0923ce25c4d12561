namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>What shows the dashboards.</summary>
internal enum DashboardsProduct
{
    Kibana,

    /// <summary>It has no Lens.</summary>
    OpenSearchDashboards,
}
