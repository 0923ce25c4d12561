using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture.RemoteSignIn;
using SecurityAudit.Capture.TokenRequests;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Sessions;

/// <summary>Records sessions issued, renewed and ended, and credentials that were not valid.</summary>
internal sealed class SessionCapture(
    SecurityRecorder recorder, JournalGate gate, AuditedTickets tickets, RefusedCredentials refused, SignOuts signOuts, RemoteSchemes remote,
    EndedSessions ended, UseAfterEnd use, SessionSources sources)
    : IAuthenticateCapture, ISignInCapture, ISignOutCapture
{
    public Task<AuthenticateResult> AuthenticatedAsync(Task<AuthenticateResult> authentication, HttpContext context, string? scheme)
    {
        if (authentication is not { IsCompletedSuccessfully: true, Result: { Failure: null } result })
        {
            return Awaited(authentication, context, scheme);
        }

        Accepted(result, context);
        return authentication;
    }

    private async Task<AuthenticateResult> Awaited(Task<AuthenticateResult> authentication, HttpContext context, string? scheme)
    {
        var result = await authentication;
        if (result.Failure is null)
        {
            Accepted(result, context);
        }

        // The same failure is handed out each time that somebody asks; it is one event.
        else if (RequestEvidence.Of<SessionEvidence>(context) is var evidence && evidence.First(result.Failure))
        {
            var name = await SchemeOperation.Authenticate.NameAsync(context, scheme);
            // A remote scheme has no credential of its own: it says that the session was begun by another.
            if (remote.Of(name) is null)
            {
                refused.Refuse(context, name, result, evidence);
            }
        }

        return result;
    }

    /// <summary>The record comes before the session: where the owner chose Refuse, no session is issued that is not on disk.</summary>
    public async Task SignInAsync(AuthenticationCall call, ClaimsPrincipal principal, NextOperation next)
    {
        var (context, scheme, properties, _) = call;
        var name = await SchemeOperation.SignIn.NameAsync(context, scheme);
        var evidence = RequestEvidence.Of<SessionEvidence>(context);
        if (IdentitySchemes.IsBookkeeping(name) || ReferenceEquals(evidence.Issuing, principal))
        {
            await next.InvokeAsync(call);
            return;
        }

        gate.Demand();
        properties ??= new AuthenticationProperties();
        var known = SessionTicket.IdOf(properties);
        var session = SessionStart.Of(context, name, name is null ? null : await Schemes(context).GetSchemeAsync(name), principal, properties);
        evidence.Issuing = principal;
        evidence.SignedOut.Clear(); // what is begun now can be left again
        if (known is not null)
        {
            ended.Reissued(known);
        }
        else if (SessionTicket.IdOf(properties) is { } begun)
        {
            sources.Observe(begun, context); // who has the first page of it may be somebody else already
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
            await next.InvokeAsync(call with { Properties = properties });
            if (SessionStart.IsToken(session) && OpenIddictTransaction.Of(context)?.Error is { } error)
            {
                recorder.Record(NotIssued(session, ProviderError.Named(error)));
            }
        }
        catch (Exception failure) when (IsRecorded(NotIssued(session, failure.GetType().Name)))
        {
            throw;
        }
        finally
        {
            evidence.Issuing = null;
            if (gate.Refuses)
            {
                RecordedResponse.Decided(context, isDecided: true);
            }
        }
    }

    /// <summary>Goes on whatever the journal does: to keep somebody signed in who wants to leave would be the greater harm.</summary>
    public async Task SignOutAsync(AuthenticationCall call, NextOperation next)
    {
        var context = call.Context;
        var name = await SchemeOperation.SignOut.NameAsync(context, call.Scheme);
        if (name is not null && !IdentitySchemes.IsBookkeeping(name) && !TokenSchemes.IsServer(await Schemes(context).GetSchemeAsync(name)))
        {
            await signOuts.SignOutAsync(context, name, IsAuthenticating(context));
        }

        await next.InvokeAsync(call);
    }

    // The application may have one a request.
    private static IAuthenticationSchemeProvider Schemes(HttpContext context) =>
        context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();

    private static bool IsAuthenticating(HttpContext context) =>
        AuditedAuthenticationService.Of(context) is { } service
            ? service.IsAuthenticating
            : context.User.Identity?.IsAuthenticated != true && context.Features.Get<IAuthenticateResultFeature>() is null;

    private void Accepted(AuthenticateResult result, HttpContext context)
    {
        use.Look(context, result.Ticket);
        if (result.Succeeded && !tickets.Has(result.Ticket.AuthenticationScheme) && AuditedAuthenticationService.Of(context) is { } service)
        {
            service.IsTokenAccepted = true;
        }
    }

    private static SecurityEvent NotIssued(SecurityEvent session, string reason) =>
        session with { Outcome = EventOutcome.Failure, Reason = reason, Severity = EventSeverity.Medium };

    private bool IsRecorded(SecurityEvent session)
    {
        recorder.Record(session);
        return false;
    }
}
