using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.Identity.Trail;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.SignIns;

/// <summary>Learns at which endpoints the application signs people in, and which requests it sends elsewhere for that.</summary>
internal sealed class SignInCapture(SignInEndpoints endpoints) : ISignInCapture, IChallengeCapture
{
    public async Task SignInAsync(AuthenticationCall call, ClaimsPrincipal principal, NextOperation next)
    {
        var context = call.Context;
        var isFirst = HasNobody(context);
        await next.InvokeAsync(call);
        var name = await SchemeOperation.SignIn.NameAsync(context, call.Scheme) ?? string.Empty;
        var evidence = RequestEvidence.Of<SignInEvidence>(context);
        evidence.IsDecided = true;
        evidence.Session = AuditUser.From(principal) is { } account ? (account, name) : evidence.Session;
        if (isFirst && !IsIdentitys(name))
        {
            endpoints.Learn(context);
        }
    }

    public Task ChallengeAsync(AuthenticationCall call, NextOperation next)
    {
        RequestEvidence.Of<SignInEvidence>(call.Context).IsTurnedAway = true;
        return next.InvokeAsync(call);
    }

    /// <summary>
    /// The request came from nobody that a scheme knows: a session that is issued to somebody else is no sign-in by which a form is known.
    /// </summary>
    public static bool HasNobody(HttpContext context) =>
        context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult is not { Succeeded: true }
        && RequestEvidence.Existing<IdentityTrail>(context) is not { State.Caller: not null };

    /// <summary>A scheme of ASP.NET Core Identity, whose sign-ins are seen themselves.</summary>
    public static bool IsIdentitys(string scheme) => scheme.StartsWith("Identity.", StringComparison.Ordinal);
}
