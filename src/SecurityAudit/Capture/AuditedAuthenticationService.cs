using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture;

/// <summary>
/// Lets each hook's <see cref="AuthenticationCapture"/> do its part, the first outermost. One is made a request, so it holds little.
/// </summary>
internal sealed class AuditedAuthenticationService(IAuthenticationService inner, AuthenticationCaptures captures, byte layer = 0)
    : IAuthenticationService
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
        foreach (var capture in captures.All)
        {
            authentication = capture.AuthenticatedAsync(authentication, context, scheme);
        }

        return authentication;
    }

    public async Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties)
    {
        if (await IsInnermostAsync(context, scheme, SchemeOperation.SignIn))
        {
            await inner.SignInAsync(context, scheme, principal, properties);
        }
        else
        {
            await captures.All[layer].SignInAsync(Next(), context, scheme, principal, properties);
        }
    }

    public async Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        if (await IsInnermostAsync(context, scheme, SchemeOperation.SignOut))
        {
            await inner.SignOutAsync(context, scheme, properties);
        }
        else
        {
            await captures.All[layer].SignOutAsync(Next(), context, scheme, properties);
        }
    }

    public async Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        if (await IsInnermostAsync(context, scheme, SchemeOperation.Challenge))
        {
            await inner.ChallengeAsync(context, scheme, properties);
        }
        else
        {
            await captures.All[layer].ChallengeAsync(Next(), context, scheme, properties);
        }
    }

    public async Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        if (await IsInnermostAsync(context, scheme, SchemeOperation.Forbid))
        {
            await inner.ForbidAsync(context, scheme, properties);
        }
        else
        {
            await captures.All[layer].ForbidAsync(Next(), context, scheme, properties);
        }
    }

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

    /// <summary>All captures have done their part; or the scheme leaves it to another, which comes here by itself.</summary>
    private ValueTask<bool> IsInnermostAsync(HttpContext context, string? scheme, SchemeOperation operation) =>
        layer == captures.All.Length ? new ValueTask<bool>(true)
        : layer > 0 ? new ValueTask<bool>(false)
        : captures.Forwarding.ForwardsAsync(context, scheme, operation);

    private AuditedAuthenticationService Next() => new(inner, captures, (byte)(layer + 1));
}
