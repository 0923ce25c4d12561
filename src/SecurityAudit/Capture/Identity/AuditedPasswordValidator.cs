using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Capture.Identity;

/// <summary>Sees for which account a new password is judged: one that is refused does not come to be saved.</summary>
internal sealed class AuditedPasswordValidator<TUser>(IdentityReporter identity) : IPasswordValidator<TUser>
    where TUser : class
{
    public async Task<IdentityResult> ValidateAsync(UserManager<TUser> manager, TUser user, string? password)
    {
        await identity.Judging(manager, user);
        return IdentityResult.Success;
    }
}
