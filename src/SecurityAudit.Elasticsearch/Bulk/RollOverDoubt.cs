using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Bulk;

/// <summary>
/// An id is unique in a backing index, not in a data stream: what was tried before a roll-over and answered for after it may be stored
/// twice.
/// </summary>
internal sealed class RollOverDoubt(ElasticsearchLayout layout)
{
    public LineOutcome Judge(BatchEntry entry, LineOutcome outcome)
    {
        if (layout != ElasticsearchLayout.DataStream || outcome.Verdict is not (LineVerdict.Stored or LineVerdict.AlreadyThere) || !entry.MayBeStored
            || entry.PlaceBefore == outcome.Place)
        {
            return outcome;
        }

        // Where no index was known and the answer names the first, nothing can have rolled over.
        var isFirst = entry.PlaceBefore is null && outcome.Place.EndsWith("-000001", StringComparison.Ordinal);
        return isFirst ? outcome : outcome with { Doubt = Doubt.StoredTwice };
    }
}
