using Microsoft.AspNetCore.Authentication;

namespace SecurityAudit.Capture.Sessions;

/// <summary>What was seen of the credentials of one request.</summary>
internal sealed class SessionEvidence
{
    private readonly List<Exception> _failures = [];

    /// <summary>The cookie was refused and its session ended while the request authenticated.</summary>
    public bool Revoked { get; set; }

    /// <summary>That session's credential, where it could be read.</summary>
    public AuthenticationTicket? RevokedTicket { get; set; }

    /// <summary>A session that had ended before was used, and how it had ended; null when that is recorded.</summary>
    public (AuthenticationTicket Ticket, EndedSession End)? UsedAfterEnd { get; set; }

    /// <summary>This request ends a session: what it asks of it after that is no use of it.</summary>
    public bool Ends { get; set; }

    /// <summary>Why the credential of a scheme was not accepted, where its ticket told.</summary>
    public Dictionary<string, TicketFailure> Tickets => field ??= new(StringComparer.Ordinal);

    /// <summary>True the first time that this very failure is seen: the same is handed out each time that somebody asks.</summary>
    public bool First(Exception failure)
    {
        var isFirst = !_failures.Exists(seen => ReferenceEquals(seen, failure));
        if (isFirst)
        {
            _failures.Add(failure);
        }

        return isFirst;
    }
}
