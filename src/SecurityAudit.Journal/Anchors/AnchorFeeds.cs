namespace SecurityAudit.Journal;

/// <summary>The anchors of one log.</summary>
internal sealed class AnchorFeeds(IReadOnlyList<AnchorFeed> feeds)
{
    /// <summary>
    /// The checkpoint that every anchor has, or a newer one; null while there is an anchor without any, or no anchor at all.
    /// </summary>
    public Checkpoint? CommonlyPublished =>
        feeds.Count == 0 || feeds.Any(f => f.Published is null) ? null : feeds.Select(f => f.Published!).MinBy(c => c.Size);

    public void Offer(Checkpoint checkpoint)
    {
        foreach (var feed in feeds)
        {
            feed.Offer(checkpoint);
        }
    }

    /// <summary>Waits for the last offers, each for its bounded time.</summary>
    public void Finish()
    {
        foreach (var feed in feeds)
        {
            feed.Finish();
        }
    }
}
