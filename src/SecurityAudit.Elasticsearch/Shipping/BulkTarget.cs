using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Setup;

namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>Where a line goes: one data stream, or an index that is a pure function of the line.</summary>
internal sealed class BulkTarget(IndexNames names, ElasticsearchFlavour flavour, ElasticsearchLayout layout, ElasticsearchPeriod period)
{
    private static readonly string[] KnownParameters = ["require_data_stream=true", "include_source_on_error=false"];

    private readonly List<string> _parameters = flavour == ElasticsearchFlavour.Elasticsearch
        ? [.. KnownParameters.Skip(layout == ElasticsearchLayout.DataStream ? 0 : 1)]
        : [];

    public ElasticsearchFlavour Flavour => flavour;

    public ElasticsearchLayout Layout => layout;

    /// <summary>What finds all events.</summary>
    public string Search => layout == ElasticsearchLayout.DataStream ? names.DataStream : names.PeriodPattern;

    public string BulkPath =>
        (layout == ElasticsearchLayout.DataStream ? names.DataStream + "/_bulk" : "_bulk")
        + "?filter_path=" + BulkAnswer.Filter + string.Concat(_parameters.Select(parameter => "&" + parameter));

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
            return "undated";
        return at.UtcDateTime.ToString(period switch
        {
            ElasticsearchPeriod.Day => "yyyy.MM.dd",
            ElasticsearchPeriod.Year => "yyyy",
            _ => "yyyy.MM",
        }, CultureInfo.InvariantCulture);
    }

    /// <summary>Finds out who answers, unless the options say it.</summary>
    /// <exception cref="NoAnswerException">Nobody answers.</exception>
    /// <exception cref="TargetUnknownException">The answer does not tell.</exception>
    public static async Task<BulkTarget> FindAsync(ElasticsearchConnection connection, ElasticsearchOptions options, CancellationToken ct)
    {
        var flavour = options.Flavour == ElasticsearchFlavour.Auto ? await FlavourAsync(connection, ct).ConfigureAwait(false) : options.Flavour;
        var layout = options.Layout != ElasticsearchLayout.Auto ? options.Layout
            : flavour == ElasticsearchFlavour.Elasticsearch ? ElasticsearchLayout.DataStream : ElasticsearchLayout.IndexPerPeriod;
        return new BulkTarget(new IndexNames(options.Namespace), flavour, layout, options.Period);
    }

    private static async Task<ElasticsearchFlavour> FlavourAsync(ElasticsearchConnection connection, CancellationToken ct)
    {
        var answer = await connection.SendAsync(HttpMethod.Get, "", ct: ct).ConfigureAwait(false);
        // A key that may not ask is told so by Elasticsearch 8's security without the product header, but in words of its own.
        if (answer.IsElasticsearch || (answer.Status == 403 && answer.Body.Span.IndexOf("this action is granted by the cluster privileges"u8) >= 0))
            return ElasticsearchFlavour.Elasticsearch;
        if (answer.Status is 429 or >= 500)
            throw new NoAnswerException($"{connection.Node} answers {answer.Error}.", moreNodes: false, refused: true);
        if (answer.Body.Span.IndexOf("\"opensearch\""u8) >= 0 || answer.Body.Span.IndexOf("no permissions for [cluster:monitor/main]"u8) >= 0)
            return ElasticsearchFlavour.OpenSearch;
        throw new TargetUnknownException($"{connection.Node} answers {answer.Error}, which tells neither Elasticsearch nor OpenSearch. "
            + "Set SecurityAudit:Elasticsearch:Flavour, or check Url and the credentials.");
    }
}
