using Microsoft.AspNetCore.Authentication;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Sessions;

/// <summary>A genuine refresh token, whose time is not over, that a request brought.</summary>
internal sealed class RefreshTokenEvidence : Evidence
{
    /// <summary>The token; only its keyed hash is ever recorded.</summary>
    public string? Token { get; private set; }

    /// <summary>Whose it is.</summary>
    public AuditUser? User { get; private set; }

    /// <summary>The scheme that issued it.</summary>
    public string? Scheme { get; private set; }

    public void Accept(string? token, AuthenticationTicket ticket, string scheme) =>
        (Token, User, Scheme) = (token, AuditUser.From(ticket.Principal), scheme);

    /// <summary>It is decided what became of it.</summary>
    public void Settle() => Token = null;
}
