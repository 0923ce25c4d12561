using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Capture.Sessions;

/// <summary>Finds the credential of the session that a sign-out ends.</summary>
internal static class SessionCredentials
{
    /// <summary>
    /// The scheme's cookie as the request carries it: asking the handler would ask it in the midst of its own work where it ends a session
    /// that it is about to accept. Of another scheme, what the request was authenticated with, if it was with that.
    /// </summary>
    public static AuthenticationTicket? Of(HttpContext request, string? scheme, AuditedTickets tickets)
    {
        if (scheme is null)
        {
            return null;
        }

        if (!tickets.IsCookie(scheme))
        {
            var ticket = request.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket;
            return string.Equals(ticket?.AuthenticationScheme, scheme, StringComparison.Ordinal) ? ticket : null;
        }

        var options = request.RequestServices.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(scheme);
        // A session that is kept in a store is gone with the sign-out: nothing accepts its cookie any longer.
        return options.SessionStore is null
            && options.CookieManager.GetRequestCookie(request, options.Cookie.Name!) is { Length: > 0 } cookie
            ? options.TicketDataFormat.Unprotect(cookie, purpose: null) // as the handler itself
            : null;
    }
}
