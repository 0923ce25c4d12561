using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture;

/// <summary>
/// What a hook does around the operations of <see cref="IAuthenticationService"/>; the others it lets pass. One instance for all requests. What
/// it throws reaches nobody, but a refusal: the operation is begun, once, whatever becomes of the capture. Where the owner chose Refuse, no
/// session is begun that a capture could not look at.
/// </summary>
internal abstract class AuthenticationCapture
{
    /// <summary>Somebody was authenticated, or not. Asked in nearly every request.</summary>
    public virtual Task<AuthenticateResult> AuthenticatedAsync(
        Task<AuthenticateResult> authentication, HttpContext context, string? scheme) => authentication;

    public virtual Task SignInAsync(
        IAuthenticationService next, HttpContext context, string? scheme, ClaimsPrincipal principal,
            AuthenticationProperties? properties) =>
        next.SignInAsync(context, scheme, principal, properties);

    public virtual Task SignOutAsync(
        IAuthenticationService next, HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        next.SignOutAsync(context, scheme, properties);

    public virtual Task ChallengeAsync(
        IAuthenticationService next, HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        next.ChallengeAsync(context, scheme, properties);

    public virtual Task ForbidAsync(
        IAuthenticationService next, HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        next.ForbidAsync(context, scheme, properties);

    /// <summary>Adds a hook's capture, and with the first one the decorator that all of them share.</summary>
    public static void Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCapture>(
        IServiceCollection services)
        where TCapture : AuthenticationCapture
    {
        if (!services.Any(service => service.ServiceType == typeof(AuthenticationCapture)))
        {
            services.AddAuthenticationCore();
            services.AddSingleton<SchemeForwarding>();
            services.AddSingleton(typeof(IPostConfigureOptions<>), typeof(WatchedSchemeOptions<>));
            services.AddSingleton(provider => new AuthenticationCaptures(
                [.. provider.GetServices<AuthenticationCapture>()], provider.GetRequiredService<SchemeForwarding>(), provider.GetRequiredService<HookFailures>(),
                provider.GetRequiredService<JournalGate>()));
            services.Decorate<IAuthenticationService>(static (provider, inner) =>
                new AuditedAuthenticationService(inner, provider.GetRequiredService<AuthenticationCaptures>()));
        }

        services.AddSingleton<AuthenticationCapture, TCapture>();
    }
}
