using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture;

/// <summary>Lets each hook's <see cref="IAuthenticationCapture"/> do its part. One is made a request, so it holds little.</summary>
internal sealed class AuditedAuthenticationService(IAuthenticationService inner, AuthenticationCaptures captures) : IAuthenticationService
{
    private short _authenticating;

    /// <summary>A handler is looking at a credential now; what it does meanwhile belongs to that.</summary>
    public bool IsAuthenticating => _authenticating > 0;

    /// <summary>A token was accepted by some scheme: that others do not know it is no refusal.</summary>
    public bool IsTokenAccepted { get; set; }

    /// <summary>That of the request; null where the application has put one of its own around it.</summary>
    public static AuditedAuthenticationService? Of(HttpContext context) =>
        context.RequestServices.GetService<IAuthenticationService>() as AuditedAuthenticationService;

    public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme)
    {
        var authentication = Authenticate(context, scheme);
        foreach (var capture in captures.Authenticate)
        {
            authentication = Seen(capture, authentication, context, scheme);
        }

        return authentication;
    }

    public Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties) =>
        captures.SignIn.InvokeAsync(inner, new AuthenticationCall(context, scheme, properties, principal));

    public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        captures.SignOut.InvokeAsync(inner, new AuthenticationCall(context, scheme, properties));

    public Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        captures.Challenge.InvokeAsync(inner, new AuthenticationCall(context, scheme, properties));

    public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        captures.Forbid.InvokeAsync(inner, new AuthenticationCall(context, scheme, properties));

    private Task<AuthenticateResult> Authenticate(HttpContext context, string? scheme)
    {
        var isUnderWay = false;
        _authenticating++;
        try
        {
            var authentication = inner.AuthenticateAsync(context, scheme);
            isUnderWay = !authentication.IsCompleted;
            return isUnderWay ? EndsAsync(authentication) : authentication;
        }
        finally
        {
            if (!isUnderWay)
            {
                _authenticating--;
            }
        }
    }

    /// <summary>The same result, looked at by a capture.</summary>
    private Task<AuthenticateResult> Seen(IAuthenticateCapture capture, Task<AuthenticateResult> authentication, HttpContext context, string? scheme)
    {
        try
        {
            var seen = capture.AuthenticatedAsync(authentication, context, scheme);
            return ReferenceEquals(seen, authentication) || seen.IsCompletedSuccessfully ? seen : SeenAsync(capture, authentication, seen);
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            captures.Failures.Failed(capture, failure);
            return authentication;
        }
    }

    private async Task<AuthenticateResult> SeenAsync(IAuthenticateCapture capture, Task<AuthenticateResult> authentication, Task<AuthenticateResult> seen)
    {
        try
        {
            return await seen;
        }
        catch (Exception failure) when (NextOperation.IsNoneOf(authentication, failure))
        {
            captures.Failures.Failed(capture, failure);
            return await authentication;
        }
    }

    private async Task<AuthenticateResult> EndsAsync(Task<AuthenticateResult> authentication)
    {
        try
        {
            return await authentication;
        }
        finally
        {
            _authenticating--;
        }
    }
}
