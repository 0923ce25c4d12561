using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SecurityAudit.Capture.RemoteSignIn;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Metrics;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Sessions;

/// <summary>
/// Records that somebody signed out, once, however many schemes are left with it; also where the provider asks for it, before the request
/// has a user.
/// </summary>
internal sealed partial class SignOuts(
    SecurityRecorder recorder, RemoteSchemes remote, AuditedTickets tickets, EndedSessions ended, AuditMetrics metrics, ILogger<SignOuts> logger) : IRequestConclusion
{
    public async Task SignOutAsync(HttpContext context, string? scheme, bool isAuthenticating)
    {
        var evidence = RequestEvidence.Of<SessionEvidence>(context);
        var ticket = SessionCredentials.Of(context, scheme, tickets);
        evidence.Ends = true;
        if (isAuthenticating)
        {
            // The handler ends the session that it was about to accept.
            evidence.Revoked = true;
            evidence.RevokedTicket = ticket;
            if (ticket is not null && ended.End(ticket.Properties, "revoked") is { } before)
            {
                evidence.UsedAfterEnd = (ticket, before);
            }

            return;
        }

        var (principal, session) = context.User.Identity?.IsAuthenticated == true ? (context.User, null) : await OwnerAsync(context, scheme);
        if (AuditUser.From(principal) is not { } user)
        {
            return;
        }

        _ = ticket is null ? null : ended.End(ticket.Properties, "signed out");
        if (evidence.SignedOut.Contains(Key(user)))
        {
            return;
        }

        var signedOut = SecurityEvents.SessionLogout(user).With(EventFields.AuthnScheme, scheme).With(SessionFields.Identifier, session);
        if (remote.Of(scheme) is not null)
        {
            evidence.SignOutAtProvider ??= signedOut;
            return;
        }

        evidence.SignedOut.Add(Key(user));
        recorder.TryRecord(remote.AsksForSignOutAt(context.Request.Path) is { } asking
            ? (signedOut with { Reason = "the provider asked for it" }).With(EventFields.AuthnProvider, RemoteProvider.HostOf(asking))
            : signedOut);
    }

    public void Conclude(in RequestEnd request)
    {
        if (request.Existing<SessionEvidence>() is { SignOutAtProvider: { } signedOut } evidence)
        {
            evidence.SignOutAtProvider = null;
            if (evidence.SignedOut.Count == 0)
            {
                recorder.TryRecord(signedOut);
            }
        }
    }

    /// <summary>Whose session that scheme has, where the request has no user: the default scheme is another, or was not asked yet.</summary>
    private async Task<(ClaimsPrincipal? Principal, string? Session)> OwnerAsync(HttpContext context, string? scheme)
    {
        try
        {
            var found = await context.AuthenticateAsync(scheme);
            return (found.Principal, SessionTicket.IdOf(found.Properties));
        }
        catch (Exception failure)
        {
            // Whoever wants to leave does, whatever the scheme's own code does when it is asked who it is.
            metrics.Failed("capture");
            Log.Failed(logger, failure, scheme);
            return (null, null);
        }
    }

    private static string Key(AuditUser user) => user.Id ?? user.Name ?? "";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Whose session the scheme {Scheme} ends could not be seen: the sign-out is not recorded.")]
        public static partial void Failed(ILogger logger, Exception failure, string? scheme);
    }
}
