using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.TokenRequests;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.Sessions;

/// <summary>What it is that a scheme issues to somebody: a session, its renewal, or a token.</summary>
internal static class SessionStart
{
    public static SecurityEvent Of(
        HttpContext context, string? name, AuthenticationScheme? scheme, ClaimsPrincipal principal, AuthenticationProperties properties)
    {
        var user = AuditUser.From(principal) ?? new AuditUser(null, principal.Identity?.Name);
        if (TokenSchemes.IsServer(scheme))
        {
            RequestEvidence.Of<TokenRequestEvidence>(context).IsRecorded = true;
            return TokenRequestEvent.Issued(OpenIddictTransaction.Of(context), user).With(EventFields.AuthnScheme, name);
        }

        var known = SessionTicket.IdOf(properties);
        var session = known is not null ? SecurityEvents.SessionRenewed(user)
            : TokenSchemes.IsBearer(scheme) ? SecurityEvents.AuthnTokenCreated(user)
            : SecurityEvents.SessionCreated(user);
        return session
            .With(SessionFields.Identifier, known ?? SessionTicket.Issue(properties))
            .With(EventFields.AuthnScheme, name)
            .With(EventFields.AuthnMethod, principal.FindFirstValue(ClaimTypes.AuthenticationMethod) ?? principal.FindFirstValue("amr"));
    }

    /// <summary>Whether it is a token that a server may still refuse to issue, which it answers by itself.</summary>
    public static bool IsToken(SecurityEvent session) => session[EventFields.OAuthClient] is not null;
}
