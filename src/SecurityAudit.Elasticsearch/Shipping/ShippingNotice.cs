namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>Something about shipping that somebody should know.</summary>
internal sealed record ShippingNotice(ShippingNoticeKind Kind, string JournalId, string Message, long Count = 1);

internal enum ShippingNoticeKind
{
    /// <summary>No answer, or too much work for the engine.</summary>
    Waiting,

    /// <summary>The engine refuses whole requests.</summary>
    Paused,

    /// <summary>It goes on.</summary>
    Resumed,

    /// <summary>Events were set aside.</summary>
    DeadLetter,

    /// <summary>Events went to the failure store.</summary>
    Redirected,

    /// <summary>Events may be stored twice.</summary>
    Doubtful,

    /// <summary>Under an event's id another event is stored: this log is a copy of one that went on elsewhere.</summary>
    Fork,
}
