using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Journal;

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
            authentication = Seen(capture, authentication, context, scheme);
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
            var next = Next();
            try
            {
                await captures.All[layer].SignInAsync(next, context, scheme, principal, properties);
            }
            catch (Exception failure) when (next.IsNoneOfIts(failure))
            {
                captures.Failures.Failed(captures.All[layer], failure);
                if (captures.Gate.Refuses && next.Operation is null)
                {
                    throw captures.Gate.Refusal(new JournalUnavailableException(
                        $"Refused, because the owner chose that no session is issued that is not recorded, and recording it failed: {failure.GetType().Name}.", failure));
                }

                await (next.Operation ?? next.SignInAsync(context, scheme, principal, properties));
            }
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
            var next = Next();
            try
            {
                await captures.All[layer].SignOutAsync(next, context, scheme, properties);
            }
            catch (Exception failure) when (next.IsNoneOfIts(failure))
            {
                captures.Failures.Failed(captures.All[layer], failure);
                await (next.Operation ?? next.SignOutAsync(context, scheme, properties));
            }
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
            var next = Next();
            try
            {
                await captures.All[layer].ChallengeAsync(next, context, scheme, properties);
            }
            catch (Exception failure) when (next.IsNoneOfIts(failure))
            {
                captures.Failures.Failed(captures.All[layer], failure);
                await (next.Operation ?? next.ChallengeAsync(context, scheme, properties));
            }
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
            var next = Next();
            try
            {
                await captures.All[layer].ForbidAsync(next, context, scheme, properties);
            }
            catch (Exception failure) when (next.IsNoneOfIts(failure))
            {
                captures.Failures.Failed(captures.All[layer], failure);
                await (next.Operation ?? next.ForbidAsync(context, scheme, properties));
            }
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

    /// <summary>The same result, looked at by a capture.</summary>
    private Task<AuthenticateResult> Seen(AuthenticationCapture capture, Task<AuthenticateResult> authentication, HttpContext context, string? scheme)
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

    private async Task<AuthenticateResult> SeenAsync(AuthenticationCapture capture, Task<AuthenticateResult> authentication, Task<AuthenticateResult> seen)
    {
        try
        {
            return await seen;
        }
        catch (Exception failure) when (NextAuthentication.IsNoneOf(authentication, failure))
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

    /// <summary>All captures have done their part; or the scheme leaves it to another, which comes here by itself.</summary>
    private ValueTask<bool> IsInnermostAsync(HttpContext context, string? scheme, SchemeOperation operation) =>
        layer == captures.All.Length ? new ValueTask<bool>(true)
        : layer > 0 ? new ValueTask<bool>(false)
        : captures.Forwarding.ForwardsAsync(context, scheme, operation);

    private NextAuthentication Next() => new(new AuditedAuthenticationService(inner, captures, (byte)(layer + 1)));
}
