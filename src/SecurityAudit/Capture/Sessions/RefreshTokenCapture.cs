using System.Security.Claims;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Sessions;

/// <summary>
/// A refresh token that is genuine and in time, and whose bearer is asked to sign in instead, was revoked: the password was changed since,
/// say, or the account is gone.
/// </summary>
internal sealed class RefreshTokenCapture(SecurityRecorder recorder) : ISignInCapture, IChallengeCapture
{
    public Task SignInAsync(AuthenticationCall call, ClaimsPrincipal principal, NextOperation next)
    {
        RequestEvidence.Existing<RefreshTokenEvidence>(call.Context)?.Settle();
        return next.InvokeAsync(call);
    }

    public Task ChallengeAsync(AuthenticationCall call, NextOperation next)
    {
        if (RequestEvidence.Existing<RefreshTokenEvidence>(call.Context) is { Token: { } token, User: { } user } evidence)
        {
            evidence.Settle();
            RequestEvidence.Of<AnswerEvidence>(call.Context).IsSignInRefused = true;
            recorder.Record((SecurityEvents.AuthnTokenReuse(user, token) with { Reason = "the refresh token is genuine and no longer accepted" })
                .With(EventFields.AuthnScheme, evidence.Scheme));
        }

        return next.InvokeAsync(call);
    }
}
