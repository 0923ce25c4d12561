using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Sessions;

/// <summary>What was seen of the credentials and sessions of one request.</summary>
internal sealed class SessionEvidence : Evidence
{
    private readonly List<Exception> _failures = [];
    private readonly List<RefusedCredential> _refused = [];

    /// <summary>The cookie was refused and its session ended while the request authenticated.</summary>
    public bool Revoked { get; set; }

    /// <summary>Whose session is being issued: a scheme that leaves it to another names the same.</summary>
    public ClaimsPrincipal? Issuing { get; set; }

    /// <summary>A credential was refused and that is recorded: that its sender is then asked to sign in is the same decision.</summary>
    public bool IsRefusalRecorded { get; private set; }

    /// <summary>The ids of those whose sign-out is recorded: one leaves all schemes at once.</summary>
    public HashSet<string> SignedOut => field ??= new(StringComparer.Ordinal);

    /// <summary>A sign-out at a provider alone, recorded if nothing else of this request says that somebody signed out.</summary>
    public SecurityEvent? SignOutAtProvider { get; set; }

    /// <summary>That session's credential, where it could be read.</summary>
    public AuthenticationTicket? RevokedTicket { get; set; }

    /// <summary>A session that had ended before was used, and how it had ended; null when that is recorded.</summary>
    public (AuthenticationTicket Ticket, EndedSession End)? UsedAfterEnd { get; set; }

    /// <summary>This request ends a session: what it asks of it after that is no use of it.</summary>
    public bool Ends { get; set; }

    /// <summary>
    /// The last credential that could not be decrypted: its keyed hash is recorded, which tells one that is stale from many that are made up.
    /// </summary>
    public string? Unreadable { get; set; }

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

    /// <summary>A credential was refused. What it leads to is still to be seen.</summary>
    public void Refuse(RefusedCredential refused) => _refused.Add(refused);

    /// <summary>
    /// What is to be recorded of what was refused, and is then recorded: several schemes that looked at one token say it once.
    /// </summary>
    /// <param name="isTokenAccepted">Another scheme has accepted the token.</param>
    public IReadOnlyList<SecurityEvent> TakeRefused(bool isTokenAccepted)
    {
        if (_refused.Count == 0)
        {
            return [];
        }

        List<SecurityEvent> events = [.. _refused.Where(refused => !refused.IsToken).Select(refused => refused.Event)];
        List<RefusedCredential> tokens = [.. _refused.Where(refused => refused.IsToken && !isTokenAccepted && !IsRefusalRecorded)];
        if (tokens.Count > 0)
        {
            // The scheme whose token it is knows most: to the others its key, its issuer and its audience are strange.
            events.Add((tokens.Find(token => !token.IsForeign) ?? tokens[0]).Event);
        }

        _refused.Clear();
        IsRefusalRecorded |= events.Count > 0;
        return events;
    }
}

/// <summary>A credential that was refused.</summary>
/// <param name="Event">What is recorded of it.</param>
/// <param name="IsToken">It is a token, which every scheme of tokens looks at.</param>
/// <param name="IsForeign">It may be a token for another scheme.</param>
internal sealed record RefusedCredential(SecurityEvent Event, bool IsToken, bool IsForeign);
