using System.Globalization;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Bulk;

/// <summary>Where a line goes: one data stream, or an index that is a pure function of the line.</summary>
internal sealed class BulkTarget(IndexNames names, ElasticsearchDistribution distribution, ElasticsearchLayout layout, ElasticsearchPeriod period)
{
    private static readonly string[] KnownParameters = ["require_data_stream=true", "include_source_on_error=false"];

    private readonly List<string> _parameters = distribution == ElasticsearchDistribution.Elasticsearch
        ? [.. KnownParameters.Skip(layout == ElasticsearchLayout.DataStream ? 0 : 1)]
        : [];

    public ElasticsearchDistribution Distribution => distribution;

    public ElasticsearchLayout Layout => layout;

    /// <summary>What finds all events.</summary>
    public string Search => layout == ElasticsearchLayout.DataStream ? names.DataStream : names.PeriodPattern;

    public string BulkPath =>
        (layout == ElasticsearchLayout.DataStream ? names.DataStream + "/_bulk" : "_bulk")
        + "?filter_path=" + BulkResponse.Filter + string.Concat(_parameters.Select(parameter => "&" + parameter));

    /// <summary>Forgets the parameters that a version does not know; false when there were none to forget.</summary>
    public bool SendPlain()
    {
        var any = _parameters.Count > 0;
        _parameters.Clear();
        return any;
    }

    /// <summary>The index for a line, or null where the target is in the path.</summary>
    public string? IndexOf(ReadOnlySpan<byte> line) =>
        layout == ElasticsearchLayout.DataStream ? null : names.PeriodPrefix + PeriodOf(line);

    /// <summary>A line without a time that can be read goes into an index of its own: it must be the same on every try.</summary>
    private string PeriodOf(ReadOnlySpan<byte> line)
    {
        if (LineFields.Timestamp(line) is not { } at)
        {
            return "undated";
        }

        return at.UtcDateTime.ToString(period switch
        {
            ElasticsearchPeriod.Day => "yyyy.MM.dd",
            ElasticsearchPeriod.Year => "yyyy",
            _ => "yyyy.MM",
        }, CultureInfo.InvariantCulture);
    }

    /// <summary>Finds out who answers, unless the options say it.</summary>
    /// <exception cref="NoResponseException">Nobody answers.</exception>
    /// <exception cref="TargetUnknownException">The answer does not tell.</exception>
    public static async Task<BulkTarget> FindAsync(ElasticsearchConnection connection, ElasticsearchOptions options, CancellationToken cancellationToken)
    {
        var distribution = options.Distribution == ElasticsearchDistribution.Auto ? await DistributionAsync(connection, cancellationToken) : options.Distribution;
        var layout = options.Layout != ElasticsearchLayout.Auto ? options.Layout
            : distribution == ElasticsearchDistribution.Elasticsearch ? ElasticsearchLayout.DataStream : ElasticsearchLayout.IndexPerPeriod;
        return new BulkTarget(new IndexNames(options.Namespace), distribution, layout, options.Period);
    }

    private static async Task<ElasticsearchDistribution> DistributionAsync(ElasticsearchConnection connection, CancellationToken cancellationToken)
    {
        var answer = await connection.SendAsync(HttpMethod.Get, "", cancellationToken: cancellationToken);
        // A key that may not ask is told so by Elasticsearch 8's security without the product header, but in words of its own.
        if (answer.IsElasticsearch || (answer.Status == 403 && answer.Body.Span.IndexOf("this action is granted by the cluster privileges"u8) >= 0))
        {
            return ElasticsearchDistribution.Elasticsearch;
        }

        if (answer.Status is 429 or >= 500)
        {
            throw new NoResponseException($"{connection.Node} answers {answer.Error}.", moreNodes: false, refused: true);
        }

        if (answer.Body.Span.IndexOf("\"opensearch\""u8) >= 0 || answer.Body.Span.IndexOf("no permissions for [cluster:monitor/main]"u8) >= 0)
        {
            return ElasticsearchDistribution.OpenSearch;
        }

        throw new TargetUnknownException($"{connection.Node} answers {answer.Error}, which tells neither Elasticsearch nor OpenSearch. "
            + "Set SecurityAudit:Elasticsearch:Distribution, or check Url and the credentials.");
    }
}
