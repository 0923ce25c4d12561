using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture;

/// <summary>
/// What a hook does around operations of <see cref="IAuthenticationService"/>: those of the interfaces below that it implements. One instance
/// for all requests. What it throws reaches nobody, but a refusal: the operation is begun, once, whatever becomes of the capture. Where the
/// owner chose Refuse, no session is begun that a capture could not look at.
/// </summary>
internal interface IAuthenticationCapture;

/// <summary>Looks at what came of a credential.</summary>
internal interface IAuthenticateCapture : IAuthenticationCapture
{
    /// <summary>Somebody was authenticated, or not. Asked in nearly every request.</summary>
    /// <returns>The same result; the very task, where it is done.</returns>
    Task<AuthenticateResult> AuthenticatedAsync(Task<AuthenticateResult> authentication, HttpContext context, string? scheme);
}

/// <summary>Stands around the issue of a session.</summary>
internal interface ISignInCapture : IAuthenticationCapture
{
    Task SignInAsync(AuthenticationCall call, ClaimsPrincipal principal, NextOperation next);
}

/// <summary>Stands around the end of a session.</summary>
internal interface ISignOutCapture : IAuthenticationCapture
{
    Task SignOutAsync(AuthenticationCall call, NextOperation next);
}

/// <summary>Stands around the demand to sign in.</summary>
internal interface IChallengeCapture : IAuthenticationCapture
{
    Task ChallengeAsync(AuthenticationCall call, NextOperation next);
}

/// <summary>Stands around the answer that somebody may not.</summary>
internal interface IForbidCapture : IAuthenticationCapture
{
    Task ForbidAsync(AuthenticationCall call, NextOperation next);
}
