using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture;

/// <summary>
/// An operation of an authentication scheme: to which scheme it is left, which one does it where none is named, and how it is called.
/// </summary>
/// <param name="Target">The scheme that the options name for it.</param>
/// <param name="Default">The default scheme.</param>
/// <param name="Invoke">Calls it.</param>
internal sealed record SchemeOperation(
    Func<AuthenticationSchemeOptions, string?> Target,
    Func<IAuthenticationSchemeProvider, Task<AuthenticationScheme?>> Default,
    Func<IAuthenticationService, AuthenticationCall, Task> Invoke)
{
    /// <summary>The name of the scheme that is asked: the one that is named, or the default one; null where there is neither.</summary>
    public async ValueTask<string?> NameAsync(HttpContext context, string? scheme) =>
        // The application may have one provider a request.
        scheme ?? (await Default(context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>()))?.Name;

    public static SchemeOperation Authenticate { get; } = new(
        options => options.ForwardAuthenticate,
        schemes => schemes.GetDefaultAuthenticateSchemeAsync(),
        (service, call) => service.AuthenticateAsync(call.Context, call.Scheme));

    public static SchemeOperation SignIn { get; } = new(
        options => options.ForwardSignIn,
        schemes => schemes.GetDefaultSignInSchemeAsync(),
        (service, call) => service.SignInAsync(call.Context, call.Scheme, call.Principal!, call.Properties));

    public static SchemeOperation SignOut { get; } = new(
        options => options.ForwardSignOut,
        schemes => schemes.GetDefaultSignOutSchemeAsync(),
        (service, call) => service.SignOutAsync(call.Context, call.Scheme, call.Properties));

    public static SchemeOperation Challenge { get; } = new(
        options => options.ForwardChallenge,
        schemes => schemes.GetDefaultChallengeSchemeAsync(),
        (service, call) => service.ChallengeAsync(call.Context, call.Scheme, call.Properties));

    public static SchemeOperation Forbid { get; } = new(
        options => options.ForwardForbid,
        schemes => schemes.GetDefaultForbidSchemeAsync(),
        (service, call) => service.ForbidAsync(call.Context, call.Scheme, call.Properties));
}
