namespace SecurityAudit.Elasticsearch;

/// <summary>How much time one index holds under <see cref="ElasticsearchLayout.IndexPerPeriod"/>.</summary>
public enum ElasticsearchPeriod
{
    /// <summary>An index per day, <c>2026.11.24</c>.</summary>
    Day,

    /// <summary>An index per month, <c>2026.11</c>.</summary>
    Month,

    /// <summary>An index per year, <c>2026</c>.</summary>
    Year,
}
