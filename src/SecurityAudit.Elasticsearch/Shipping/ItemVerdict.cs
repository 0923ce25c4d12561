namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>What an answer says about one event.</summary>
internal enum ItemVerdict
{
    /// <summary>201.</summary>
    Stored,

    /// <summary>409: an event of that id is there.</summary>
    AlreadyThere,

    /// <summary>201 with <c>failure_store: used</c>: it is kept, but not where it is looked for.</summary>
    Redirected,

    /// <summary>429 and 5xx.</summary>
    TryAgain,

    /// <summary>400 and whatever else speaks of this event.</summary>
    Refused,

    /// <summary>401, 403, 404: it speaks of the target, not of the event.</summary>
    Closed,
}
