using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Sessions;

/// <summary>Records sessions issued, renewed and ended, and credentials that were not valid.</summary>
internal sealed class SessionCapture(
    SecurityRecorder recorder, JournalGate gate, AuditedTickets tickets, EndedSessions ended, UseAfterEnd use, SessionSources sources)
    : AuthenticationCapture
{
    public override Task<AuthenticateResult> AuthenticatedAsync(
        Task<AuthenticateResult> authentication, HttpContext context, string? scheme)
    {
        if (authentication is not { IsCompletedSuccessfully: true, Result.Failure: null })
        {
            return Awaited(authentication, context, scheme);
        }

        use.Look(context, authentication.Result.Ticket);
        return authentication;
    }

    private async Task<AuthenticateResult> Awaited(Task<AuthenticateResult> authentication, HttpContext context, string? scheme)
    {
        var result = await authentication;
        // The same failure is handed out each time that somebody asks; it is one event.
        if (result.Failure is { } failure && RequestEvidence.Of<SessionEvidence>(context) is var evidence && evidence.First(failure))
        {
            var name = scheme ?? (await Schemes(context).GetDefaultAuthenticateSchemeAsync())?.Name;
            Failed(CredentialFailure.Event(name, failure, tickets.Of(name, evidence), evidence.Revoked), evidence);
        }

        use.Look(context, result.Ticket);

        return result;
    }

    private void Failed(SecurityEvent failed, SessionEvidence evidence)
    {
        if (evidence.UsedAfterEnd is not null)
        {
            return; // told as that, when the request has ended
        }

        recorder.Record(
            evidence.RevokedTicket is { } revoked
                ? failed.With(SessionFields.Identifier, SessionTicket.IdOf(revoked.Properties)) with { User = AuditUser.From(revoked.Principal) }
                : failed);
    }

    /// <summary>The record comes before the session: where the owner chose Refuse, no session is issued that is not on disk.</summary>
    public override async Task SignInAsync(
        IAuthenticationService next, HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties)
    {
        var name = scheme ?? (await Schemes(context).GetDefaultSignInSchemeAsync())?.Name;
        if (IdentitySchemes.IsBookkeeping(name))
        {
            await next.SignInAsync(context, scheme, principal, properties);
            return;
        }

        gate.Demand();
        properties ??= new AuthenticationProperties();
        var known = SessionTicket.IdOf(properties);
        var session = SessionStart(name, principal, properties);
        if (known is null)
        {
            sources.Observe(SessionTicket.IdOf(properties)!, context); // who has the first page of it may be somebody else already
        }
        else
        {
            ended.Reissued(known);
        }

        if (gate.Refuses)
        {
            await recorder.RecordAsync(session, CancellationToken.None); // bounded by the journal, not ended by a client that leaves
            RecordedResponse.Decided(context, isDecided: false);
        }
        else
        {
            recorder.Record(session);
        }

        try
        {
            await next.SignInAsync(context, scheme, principal, properties);
        }
        catch (Exception failure) when (NotIssued(session, failure))
        {
            throw;
        }
        finally
        {
            if (gate.Refuses)
            {
                RecordedResponse.Decided(context, isDecided: true);
            }
        }
    }

    /// <summary>Goes on whatever the journal does: to keep somebody signed in who wants to leave would be the greater harm.</summary>
    public override async Task SignOutAsync(
        IAuthenticationService next, HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        var name = scheme ?? (await Schemes(context).GetDefaultSignOutSchemeAsync())?.Name;
        if (!IdentitySchemes.IsBookkeeping(name))
        {
            var ticket = SessionCredentials.Of(context, name, tickets);
            var evidence = RequestEvidence.Of<SessionEvidence>(context);
            evidence.Ends = true;
            if (AuditUser.From(context.User) is { } user)
            {
                _ = ticket is null ? null : ended.End(ticket.Properties, "signed out");
                recorder.TryRecord(SecurityEvents.SessionLogout(user).With(EventFields.AuthnScheme, name));
            }
            else if (context.Features.Get<IAuthenticateResultFeature>() is null)
            {
                // Nobody is signed in yet: the cookie handler is ending the session that it was about to accept.
                evidence.Revoked = true;
                evidence.RevokedTicket = ticket;
                if (ticket is not null && ended.End(ticket.Properties, "revoked") is { } before)
                {
                    evidence.UsedAfterEnd = (ticket, before);
                }
            }
        }

        await next.SignOutAsync(context, scheme, properties);
    }

    // The application may have one a request.
    private static IAuthenticationSchemeProvider Schemes(HttpContext context) =>
        context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();

    private static SecurityEvent SessionStart(string? scheme, ClaimsPrincipal principal, AuthenticationProperties properties)
    {
        var user = AuditUser.From(principal) ?? new AuditUser(null, principal.Identity?.Name);
        var known = SessionTicket.IdOf(properties);
        var session = known is not null ? SecurityEvents.SessionRenewed(user)
            : scheme == IdentitySchemes.Bearer ? SecurityEvents.AuthnTokenCreated(user)
            : SecurityEvents.SessionCreated(user);
        return session
            .With(SessionFields.Identifier, known ?? SessionTicket.Issue(properties))
            .With(EventFields.AuthnScheme, scheme)
            .With(EventFields.AuthnMethod, principal.FindFirstValue(ClaimTypes.AuthenticationMethod) ?? principal.FindFirstValue("amr"));
    }

    private bool NotIssued(SecurityEvent session, Exception failure)
    {
        recorder.Record(session with { Outcome = EventOutcome.Failure, Reason = failure.GetType().Name, Severity = EventSeverity.Medium });
        return false;
    }
}
