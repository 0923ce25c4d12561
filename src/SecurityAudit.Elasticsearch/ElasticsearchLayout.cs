namespace SecurityAudit.Elasticsearch;

/// <summary>Where the events are stored.</summary>
public enum ElasticsearchLayout
{
    /// <summary>A data stream on Elasticsearch, an index per period on OpenSearch.</summary>
    Auto,

    /// <summary>
    /// The data stream <c>logs-securityaudit.events-{namespace}</c>. The application's key needs <c>create_doc</c> alone. A batch that is
    /// sent again after an answer that never came can be stored twice when the stream rolled over in between: that range is recorded as
    /// doubtful, shown by <c>status</c> and settled by <c>reconcile</c>.
    /// </summary>
    DataStream,

    /// <summary>
    /// An index <c>logs-securityaudit.events-{namespace}-{period}</c> that is a function of the event's own time, so that an event sent
    /// again always meets itself: exactly once by construction. The key needs <c>auto_configure</c> beside <c>create_doc</c>, since each
    /// period's index is created by its first event.
    /// </summary>
    IndexPerPeriod,
}
