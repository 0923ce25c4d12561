namespace SecurityAudit.Elasticsearch.Tests.Panels;

/// <summary>What a panel of either product asks an engine, as it stands in the saved objects.</summary>
internal sealed record SavedPanel(string Page, string Title, string Query, IReadOnlyList<SavedBuckets> Buckets, IReadOnlyList<SavedMetric> Metrics)
{
    /// <summary>How far it looks back, whatever the page says.</summary>
    public string? From { get; init; }

    public string Where => $"{Page}: {Title}";
}

/// <summary>By what the events are divided.</summary>
/// <param name="Field">The field.</param>
/// <param name="Heading">What stands above it.</param>
/// <param name="Size">How many values at most; null: over time.</param>
/// <param name="Missing">Events without the field have a row of their own.</param>
/// <param name="Other">What is beyond the size has one, too.</param>
/// <param name="ShardSize">How many values each shard is asked for; null: as the engine does.</param>
internal sealed record SavedBuckets(string Field, string Heading, int? Size, bool Missing, bool Other, int? ShardSize);

/// <param name="Operation"><c>count</c>, <c>cardinality</c>, <c>max</c>, <c>min</c>, <c>top_hits</c>: the newest value.</param>
/// <param name="Field">Of what; null: of the events.</param>
/// <param name="Heading">What stands above it.</param>
/// <param name="Shift">How far back in time it is counted; null: not at all.</param>
internal sealed record SavedMetric(string Operation, string? Field, string Heading, TimeSpan? Shift);
