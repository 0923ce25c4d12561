namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>An id is unique in a backing index, not in a data stream: what was tried before a roll-over and answered for after it may be stored twice.</summary>
internal sealed class RollOverDoubt(ElasticsearchLayout layout)
{
    /// <summary>The range in doubt among the events that are settled now, and how many they are; null when there is none.</summary>
    public (DoubtfulRange Range, int Count)? Of(IEnumerable<BatchEntry> settled, string index, DateTimeOffset now)
    {
        if (layout != ElasticsearchLayout.DataStream)
            return null;
        // Where no index was known and the answer names the first, nothing can have rolled over.
        var isFirst = index.EndsWith("-000001", StringComparison.Ordinal);
        var doubtful = settled.Where(entry => entry.MayBeStored && entry.IndexBefore != index && !(entry.IndexBefore is null && isFirst)).ToList();
        return doubtful.Count == 0 ? null
            : (new DoubtfulRange(doubtful[0].Sequence, doubtful[^1].Sequence, doubtful[0].IndexBefore, index, now), doubtful.Count);
    }
}
