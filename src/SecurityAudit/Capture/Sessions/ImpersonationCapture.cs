using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.Identity.Trail;
using SecurityAudit.Capture.RemoteSignIn;
using SecurityAudit.Capture.SignIns;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Sessions;

/// <summary>
/// Sees that somebody who is signed in is given the session of another account without that account's credential, and that they go back;
/// notes it in the session's ticket, so that each later event of it says both.
/// </summary>
internal sealed class ImpersonationCapture(SecurityRecorder recorder, SignInEndpoints endpoints) : ISignInCapture, ISignOutCapture
{
    public async Task SignInAsync(AuthenticationCall call, ClaimsPrincipal principal, NextOperation next)
    {
        var (context, scheme, properties, _) = call;
        var name = await SchemeOperation.SignIn.NameAsync(context, scheme);
        if (IdentitySchemes.IsBookkeeping(name) || AuditUser.From(principal) is not { } subject)
        {
            await next.InvokeAsync(call);
            return;
        }

        var evidence = RequestEvidence.Existing<ImpersonationEvidence>(context);
        var before = evidence?.Before ?? Current(context);
        var actor = Actor(context, name, before, subject, principal, properties);
        SecurityEvent? change = null;
        if (actor is not null)
        {
            properties ??= new AuthenticationProperties();
            Impersonation.Note(properties, actor);
            var isKnown = before is { Actor: not null } && Impersonation.IsSame(before.Value.Account, subject);
            if (!isKnown && !(evidence?.Account is { } begun && Impersonation.IsSame(begun, subject)))
            {
                evidence ??= RequestEvidence.Of<ImpersonationEvidence>(context);
                (evidence.Before, evidence.Actor, evidence.Account) = (before, actor, subject);
                change = SecurityEvents.AuthnImpersonationStart(actor, subject);
                change = ActorClaims.ActorOf(principal) is null && !SignInCapture.IsIdentitys(name ?? string.Empty) ? change.Inferred() : change;
            }
        }
        else if (before is { Actor: { } returning } && evidence is not { IsEnded: true })
        {
            change = SecurityEvents.AuthnImpersonationEnd(returning, before.Value.Account);
        }

        if (actor is null && properties is not null)
        {
            Impersonation.Note(properties, actor: null); // the ticket of before may be used again
        }

        await next.InvokeAsync(call with { Properties = properties });
        if (change is not null)
        {
            recorder.Record(change);
        }
    }

    public async Task SignOutAsync(AuthenticationCall call, NextOperation next)
    {
        var context = call.Context;
        var name = await SchemeOperation.SignOut.NameAsync(context, call.Scheme);
        var current = IdentitySchemes.IsBookkeeping(name) ? null : Current(context);
        await next.InvokeAsync(call);
        if (current is null || (current.Value.Scheme is { } session && session != name))
        {
            return;
        }

        var evidence = RequestEvidence.Of<ImpersonationEvidence>(context);
        evidence.Before ??= current;
        if (current is { Actor: { } actor } && !evidence.IsEnded)
        {
            evidence.IsEnded = true;
            recorder.TryRecord(SecurityEvents.AuthnImpersonationEnd(actor, current.Value.Account));
        }
    }

    /// <summary>Who will act as the account that is signed in; null where that is its owner.</summary>
    private AuditUser? Actor(
        HttpContext context, string? scheme, (AuditUser Account, AuditUser? Actor, string? Scheme)? before, AuditUser subject, ClaimsPrincipal principal,
        AuthenticationProperties? properties)
    {
        if (ActorClaims.ActorOf(principal) is { } claimed)
        {
            return Impersonation.IsSame(claimed, subject) ? null
                : before is { } known && Impersonation.IsSame(known.Account, claimed) ? known.Account : claimed;
        }

        if (before is not { } current)
        {
            return null;
        }

        if (Impersonation.IsSame(current.Account, subject))
        {
            return current.Actor; // the same session, renewed
        }

        var acting = current.Actor ?? current.Account;
        return Impersonation.IsSame(acting, subject) || (current.Scheme is { } session && session != scheme)
            || HasCredential(context, subject, principal, properties) ? null : acting;
    }

    /// <summary>The account's own credential was seen: somebody signs in as themselves, in the place of another.</summary>
    private bool HasCredential(HttpContext context, AuditUser subject, ClaimsPrincipal principal, AuthenticationProperties? properties) =>
        properties?.Items.ContainsKey(RemoteSignInEvidence.SchemeItem) == true
        || principal.HasClaim(static claim => claim.Type is "amr" or ClaimTypes.AuthenticationMethod)
        || RequestEvidence.Existing<SignInEvidence>(context)?.HasSignedIn(subject) == true
        || RequestEvidence.Existing<IdentityTrail>(context)?.State.Open.Exists(seen => seen switch
        {
            PasswordCompared compared => compared.IsRight && TrailState.IsSame(compared.Account, subject),
            SecondFactorChecked second => second.IsRight,
            _ => false,
        }) == true
        || (!PresentedCredential.IsRead(context.Request.Method) && (endpoints.IsLearned(context) || endpoints.IsLoginPage(context.Request.Path)));

    private static (AuditUser Account, AuditUser? Actor, string? Scheme)? Current(HttpContext context)
    {
        if (AuditUser.From(context.User) is not { } user)
        {
            return null;
        }

        var scheme = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket?.AuthenticationScheme;
        return (user, Impersonation.Of(context)?.Actor, scheme);
    }
}
