using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture;

/// <summary>Lets each hook's <see cref="AuthenticationCapture"/> do its part, the first outermost. One is made a request, so it holds little.</summary>
internal sealed class AuditedAuthenticationService(IAuthenticationService inner, AuthenticationCapture[] captures, int layer = 0) : IAuthenticationService
{
    public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme)
    {
        var authentication = inner.AuthenticateAsync(context, scheme);
        foreach (var capture in captures)
        {
            authentication = capture.AuthenticatedAsync(authentication, context, scheme);
        }

        return authentication;
    }

    public Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties) =>
        layer == captures.Length
            ? inner.SignInAsync(context, scheme, principal, properties)
            : captures[layer].SignInAsync(Next(), context, scheme, principal, properties);

    public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        layer == captures.Length
            ? inner.SignOutAsync(context, scheme, properties)
            : captures[layer].SignOutAsync(Next(), context, scheme, properties);

    public Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        layer == captures.Length
            ? inner.ChallengeAsync(context, scheme, properties)
            : captures[layer].ChallengeAsync(Next(), context, scheme, properties);

    public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        layer == captures.Length
            ? inner.ForbidAsync(context, scheme, properties)
            : captures[layer].ForbidAsync(Next(), context, scheme, properties);

    private AuditedAuthenticationService Next() => new(inner, captures, layer + 1);
}
