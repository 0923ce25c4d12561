using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Capture.Identity;

/// <summary>Keeps a passkey from being looked at while its use could not be recorded.</summary>
internal sealed class AuditedPasskeyHandler<TUser>(IPasskeyHandler<TUser> inner, IdentityReporter identity) : IPasskeyHandler<TUser>
    where TUser : class
{
    public Task<PasskeyCreationOptionsResult> MakeCreationOptionsAsync(PasskeyUserEntity userEntity, HttpContext httpContext) =>
        inner.MakeCreationOptionsAsync(userEntity, httpContext);

    public Task<PasskeyRequestOptionsResult> MakeRequestOptionsAsync(TUser? user, HttpContext httpContext) =>
        inner.MakeRequestOptionsAsync(user, httpContext);

    public Task<PasskeyAttestationResult> PerformAttestationAsync(PasskeyAttestationContext context) =>
        inner.PerformAttestationAsync(context);

    public Task<PasskeyAssertionResult<TUser>> PerformAssertionAsync(PasskeyAssertionContext context)
    {
        identity.Demand();
        return inner.PerformAssertionAsync(context);
    }
}
