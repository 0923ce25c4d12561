namespace SecurityAudit.Shipping;

/// <summary>Something about shipping that somebody should know.</summary>
internal sealed record ShippingNotice(ShippingNoticeKind Kind, string LogId, string Message, long Count = 1);

internal enum ShippingNoticeKind
{
    /// <summary>No answer, or too much work for the engine.</summary>
    Waiting,

    /// <summary>The destination refuses whole requests.</summary>
    Paused,

    /// <summary>It goes on.</summary>
    Resumed,

    /// <summary>Events were set aside.</summary>
    DeadLetter,

    /// <summary>Events went to the failure store.</summary>
    Redirected,

    /// <summary>Events may be stored twice.</summary>
    Doubtful,

    /// <summary>One sequence number has two lines in the engine: this log was copied, and both copies went on.</summary>
    Fork,

    /// <summary>The journal does not have lines any more that were not shipped.</summary>
    Skipped,

    /// <summary>The log was shipped before, and nothing tells how far.</summary>
    BookmarkLost,
}
