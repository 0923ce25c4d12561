using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Elasticsearch;

/// <summary>Ships the journal.</summary>
public static class ElasticsearchBuilderExtensions
{
    /// <summary>Ships the journal to Elasticsearch or OpenSearch: each event once, from the file, for as long as it takes.</summary>
    /// <param name="audit">What <c>AddSecurityAudit</c> hands out.</param>
    /// <param name="url">The node's address, or those of several, separated by commas.</param>
    /// <param name="configure">Sets further options; runs after the section <c>SecurityAudit:Elasticsearch</c> was read.</param>
    public static SecurityAuditBuilder ShipToElasticsearch(this SecurityAuditBuilder audit, string url, Action<ElasticsearchOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(audit);
        ArgumentException.ThrowIfNullOrWhiteSpace(url);
        new ElasticsearchExtension().Configure(audit);
        audit.Services.Configure<ElasticsearchOptions>(options => options.Url = url);
        if (configure is not null)
        {
            audit.Services.Configure(configure);
        }

        return audit;
    }
}
