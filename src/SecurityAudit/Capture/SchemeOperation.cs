using Microsoft.AspNetCore.Authentication;

namespace SecurityAudit.Capture;

/// <summary>An operation of an authentication scheme: to which scheme it is left, and which one does it where none is named.</summary>
/// <param name="Target">The scheme that the options name for it.</param>
/// <param name="Default">The default scheme.</param>
internal sealed record SchemeOperation(
    Func<AuthenticationSchemeOptions, string?> Target, Func<IAuthenticationSchemeProvider, Task<AuthenticationScheme?>> Default)
{
    public static SchemeOperation SignIn { get; } = new(options => options.ForwardSignIn, schemes => schemes.GetDefaultSignInSchemeAsync());

    public static SchemeOperation SignOut { get; } = new(options => options.ForwardSignOut, schemes => schemes.GetDefaultSignOutSchemeAsync());

    public static SchemeOperation Challenge { get; } = new(options => options.ForwardChallenge, schemes => schemes.GetDefaultChallengeSchemeAsync());

    public static SchemeOperation Forbid { get; } = new(options => options.ForwardForbid, schemes => schemes.GetDefaultForbidSchemeAsync());
}
