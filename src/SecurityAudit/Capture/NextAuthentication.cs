using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture;

/// <summary>
/// What stands behind one capture, and remembers the operation that the capture began: whatever becomes of the capture, the operation is neither
/// left out nor begun a second time, and what it threw is told from what the capture threw.
/// </summary>
internal sealed class NextAuthentication(AuditedAuthenticationService next) : IAuthenticationService
{
    /// <summary>The operation; null while it is not begun.</summary>
    public Task? Operation { get; private set; }

    /// <summary>True when the capture itself failed with that, and not what stands behind it. A refusal is for whoever called.</summary>
    public bool IsNoneOfIts(Exception failure) => IsNoneOf(Operation, failure);

    public static bool IsNoneOf(Task? operation, Exception failure) =>
        HookFailures.Catches(failure)
        && !(operation is { IsFaulted: true, Exception: { } thrown } && thrown.InnerExceptions.Contains(failure))
        && !(operation is { IsCanceled: true } && failure is OperationCanceledException);

    public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme) => next.AuthenticateAsync(context, scheme);

    public Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties) =>
        Operation = next.SignInAsync(context, scheme, principal, properties);

    public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        Operation = next.SignOutAsync(context, scheme, properties);

    public Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        Operation = next.ChallengeAsync(context, scheme, properties);

    public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        Operation = next.ForbidAsync(context, scheme, properties);
}
