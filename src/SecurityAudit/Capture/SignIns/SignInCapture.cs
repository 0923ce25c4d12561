using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.Identity.Trail;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.SignIns;

/// <summary>Learns at which endpoints the application signs people in, and which requests it sends elsewhere for that.</summary>
internal sealed class SignInCapture(SignInEndpoints endpoints) : AuthenticationCapture
{
    public override async Task SignInAsync(
        IAuthenticationService next, HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties)
    {
        var isFirst = HasNobody(context);
        await next.SignInAsync(context, scheme, principal, properties);
        var name = await SchemeOperation.SignIn.NameAsync(context, scheme) ?? string.Empty;
        var evidence = RequestEvidence.Of<SignInEvidence>(context);
        evidence.IsDecided = true;
        evidence.Session = AuditUser.From(principal) is { } account ? (account, name) : evidence.Session;
        if (isFirst && !IsIdentitys(name))
        {
            endpoints.Learn(context);
        }
    }

    public override Task ChallengeAsync(IAuthenticationService next, HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        RequestEvidence.Of<SignInEvidence>(context).IsTurnedAway = true;
        return next.ChallengeAsync(context, scheme, properties);
    }

    /// <summary>
    /// The request came from nobody that a scheme knows: a session that is issued to somebody else is no sign-in by which a form is known.
    /// </summary>
    public static bool HasNobody(HttpContext context) =>
        context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult is not { Succeeded: true }
        && context.Features.Get<IdentityTrail>() is not { State.Caller: not null };

    /// <summary>A scheme of ASP.NET Core Identity, whose sign-ins are seen themselves.</summary>
    public static bool IsIdentitys(string scheme) => scheme.StartsWith("Identity.", StringComparison.Ordinal);
}
