using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Sessions;

/// <summary>
/// A refresh token that is genuine and in time, and whose bearer is asked to sign in instead, was revoked: the password was changed since,
/// say, or the account is gone.
/// </summary>
internal sealed class RefreshTokenCapture(SecurityRecorder recorder) : AuthenticationCapture
{
    public override Task SignInAsync(
        IAuthenticationService next, HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties)
    {
        RequestEvidence.Existing<RefreshTokenEvidence>(context)?.Settle();
        return next.SignInAsync(context, scheme, principal, properties);
    }

    public override Task ChallengeAsync(IAuthenticationService next, HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        if (RequestEvidence.Existing<RefreshTokenEvidence>(context) is { Token: { } token, User: { } user } evidence)
        {
            evidence.Settle();
            RequestEvidence.Of<AnswerEvidence>(context).IsSignInRefused = true;
            recorder.Record((SecurityEvents.AuthnTokenReuse(user, token) with { Reason = "the refresh token is genuine and no longer accepted" })
                .With(EventFields.AuthnScheme, evidence.Scheme));
        }

        return next.ChallengeAsync(context, scheme, properties);
    }
}
