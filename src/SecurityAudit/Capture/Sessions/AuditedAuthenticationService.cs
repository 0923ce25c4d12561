using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Sessions;

/// <summary>Records sessions issued, renewed and ended, credentials that were not valid, and denials at the moment they are enforced.</summary>
internal sealed class AuditedAuthenticationService(
    IAuthenticationService inner, IAuthenticationSchemeProvider schemes, SecurityRecorder recorder, JournalGate gate) : IAuthenticationService
{
    public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme)
    {
        var authentication = inner.AuthenticateAsync(context, scheme);
        return authentication is { IsCompletedSuccessfully: true, Result.Failure: null } ? authentication : Awaited(authentication, context, scheme);
    }

    private async Task<AuthenticateResult> Awaited(Task<AuthenticateResult> authentication, HttpContext context, string? scheme)
    {
        var result = await authentication;
        // The same failure is handed out each time that somebody asks; it is one event.
        if (result.Failure is { } failure && RequestEvidence.Of<SessionEvidence>(context) is var evidence && evidence.First(failure))
        {
            var name = scheme ?? (await schemes.GetDefaultAuthenticateSchemeAsync())?.Name;
            recorder.Record(CredentialFailure.Event(name, failure, evidence.Revoked));
        }

        return result;
    }

    /// <summary>The record comes before the session: where the owner chose Refuse, no session is issued that is not on disk.</summary>
    public async Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties)
    {
        var name = scheme ?? (await schemes.GetDefaultSignInSchemeAsync())?.Name;
        if (IdentitySchemes.IsBookkeeping(name))
        {
            await inner.SignInAsync(context, scheme, principal, properties);
            return;
        }

        gate.Demand();
        properties ??= new AuthenticationProperties();
        var session = SessionStart(name, principal, properties);
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
            await inner.SignInAsync(context, scheme, principal, properties);
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

    public async Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        var name = scheme ?? (await schemes.GetDefaultSignOutSchemeAsync())?.Name;
        if (!IdentitySchemes.IsBookkeeping(name))
        {
            if (AuditUser.From(context.User) is { } user)
            {
                recorder.TryRecord(SecurityEvents.SessionLogout(user).With(EventFields.AuthnScheme, name));
            }
            else if (context.Features.Get<IAuthenticateResultFeature>() is null)
            {
                // Nobody is signed in yet: the cookie handler is ending the session that it was about to accept.
                RequestEvidence.Of<SessionEvidence>(context).Revoked = true;
            }
        }

        await inner.SignOutAsync(context, scheme, properties);
    }

    public async Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        var startsRemoteSignIn = scheme is not null
            && RequestEvidence.Existing<DenialEvidence>(context)?.Failed is null
            && (await schemes.GetRequestHandlerSchemesAsync()).Any(remote => remote.Name == scheme);
        if (!startsRemoteSignIn)
        {
            // Nothing is granted by a denial; but one that is told and not on record would let somebody try doors unseen.
            gate.Demand();
        }

        await inner.ChallengeAsync(context, scheme, properties);
        if (!startsRemoteSignIn)
        {
            Denial.Record(context, recorder);
        }
    }

    public async Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        gate.Demand();
        await inner.ForbidAsync(context, scheme, properties);
        Denial.Record(context, recorder);
    }

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
