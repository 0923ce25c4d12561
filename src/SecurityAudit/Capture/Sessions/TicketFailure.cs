namespace SecurityAudit.Capture.Sessions;

/// <summary>Why a ticket of the framework's own handlers, a cookie or a bearer token of Identity's, was not accepted.</summary>
internal enum TicketFailure
{
    /// <summary>It could not be decrypted: altered, or made with another key.</summary>
    Unreadable,

    /// <summary>It is genuine, and its time is over.</summary>
    Expired,

    /// <summary>It is genuine and its time is not over: the application, or its store of sessions, does not accept it any longer.</summary>
    Rejected,
}
