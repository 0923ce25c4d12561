using System.Globalization;
using System.Text.Json.Nodes;

namespace SecurityAudit.Elasticsearch.Tests.Panels;

/// <summary>An engine's answer to a panel, held against the lines of the journal: every row, every number, and that none is dropped.</summary>
internal sealed class PanelComparison(SavedPanel panel)
{
    private readonly List<string> _differences = [];

    /// <summary>How many rows the panel shows; a single number counts as a row when it is not zero.</summary>
    public int Rows { get; private set; }

    public IReadOnlyList<string> Differences => _differences;

    public void Compare(JsonNode answer, IReadOnlyList<JsonObject> lines)
    {
        Same("events", (int)answer["hits"]!["total"]!["value"]!, lines.Count, []);
        var aggregations = answer["aggregations"];
        if (panel.Buckets.Count == 0)
        {
            CompareMetrics(aggregations, lines, []);
            Rows = Expected(panel.Metrics[0], lines) is null or 0 ? 0 : 1;
            return;
        }

        Compare(aggregations!["by"]!, lines, 0, []);
    }

    private void Compare(JsonNode answer, IReadOnlyList<JsonObject> lines, int level, IReadOnlyList<string> path)
    {
        var buckets = panel.Buckets[level];
        var groups = lines.SelectMany(line => Keys(line, buckets).Select(key => (Key: key, Line: line)))
            .GroupBy(item => item.Key, item => item.Line, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        Same("events without a row", 0, lines.Count(line => !Keys(line, buckets).Any()), path);
        var shown = answer["buckets"]!.AsArray();
        Same("rows", shown.Count, buckets.Size is { } size ? Math.Min(size, groups.Count) : groups.Count, path);
        foreach (var bucket in shown)
        {
            var key = Key(bucket!);
            if (!groups.Remove(key, out var group))
            {
                _differences.Add($"{panel.Where}: the row {string.Join(" / ", path.Append(key))} stands in no line of the journal");
                continue;
            }

            List<string> here = [.. path, key];
            Same("events", (int)bucket!["doc_count"]!, group.Count, here);
            if (level == panel.Buckets.Count - 1)
            {
                Rows++;
                CompareMetrics(bucket, group, here);
            }
            else
            {
                Compare(bucket["by"]!, group, level + 1, here);
            }
        }

        // What is beyond the size: both products ask for it again and show it as one row.
        Same("events of other rows", (int?)answer["sum_other_doc_count"] ?? 0, groups.Values.Sum(group => group.Count), path);
    }

    private void CompareMetrics(JsonNode? answer, IReadOnlyList<JsonObject> lines, IReadOnlyList<string> path)
    {
        foreach (var (i, metric) in panel.Metrics.Index().Where(item => item.Item is { Operation: not "count", Shift: null }))
        {
            var told = answer![PanelAnswer.MetricName(i)]!;
            if (metric.Operation == "top_hits")
            {
                CompareNewest(metric, told["newest"]!["hits"]!["hits"]!.AsArray(), lines, path);
            }
            else
            {
                Same(metric.Heading, (double?)told["value"], Expected(metric, lines), path);
            }
        }
    }

    /// <summary>Of events of one millisecond any may be the newest.</summary>
    private void CompareNewest(SavedMetric metric, JsonArray hits, IReadOnlyList<JsonObject> lines, IReadOnlyList<string> path)
    {
        var telling = lines.Where(line => JournalLines.Values(line, metric.Field!).Count > 0).ToList();
        var newest = telling.Count == 0 ? 0 : telling.Max(JournalLines.Milliseconds);
        var expected = telling.Where(line => JournalLines.Milliseconds(line) == newest).SelectMany(line => JournalLines.Values(line, metric.Field!)).ToList();
        var shown = hits.Count == 0 ? null : hits[0]!["_source"]![metric.Field!]!.ToString();
        if (shown is null ? expected.Count > 0 : !expected.Contains(shown, StringComparer.Ordinal))
        {
            _differences.Add($"{panel.Where}, {string.Join(" / ", path)}: {metric.Heading} {shown}, the journal has {string.Join(" or ", expected)}");
        }
    }

    private static double? Expected(SavedMetric metric, IReadOnlyList<JsonObject> lines)
    {
        if (metric.Field is not { } field)
        {
            return lines.Count;
        }

        var values = lines.SelectMany(line => JournalLines.Values(line, field)).Distinct(StringComparer.Ordinal).ToList();
        return metric.Operation switch
        {
            "cardinality" => values.Count,
            _ when values.Count == 0 => null,
            "max" => values.Max(Number),
            "min" => values.Min(Number),
            _ => throw new FormatException($"Nobody here knows the operation '{metric.Operation}'."),
        };
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Keys(JsonObject line, SavedBuckets buckets)
    {
        if (buckets.Size is null)
        {
            var at = JournalLines.Milliseconds(line);
            return [(at - (at % PanelAnswer.HalfAnHour)).ToString(CultureInfo.InvariantCulture)];
        }

        return JournalLines.Values(line, buckets.Field) is { Count: > 0 } values ? values : buckets.Missing ? [PanelAnswer.Missing] : [];
    }

    private static string Key(JsonNode bucket) => bucket["key"]!.ToString();

    private void Same(string what, double? shown, double? counted, IReadOnlyList<string> path)
    {
        if (shown != counted)
        {
            _differences.Add($"{panel.Where}, {string.Join(" / ", path)}: {what} {shown}, the journal has {counted}");
        }
    }
}
