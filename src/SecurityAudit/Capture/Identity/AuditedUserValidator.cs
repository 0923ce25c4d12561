using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Capture.Identity;

/// <summary>
/// Sees every account just before <see cref="UserManager{TUser}"/> saves it, and keeps it from that while what it saves could not be
/// recorded.
/// </summary>
internal sealed class AuditedUserValidator<TUser>(IdentityReporter identity, bool mayRead) : IUserValidator<TUser>
    where TUser : class
{
    public async Task<IdentityResult> ValidateAsync(UserManager<TUser> manager, TUser user)
    {
        identity.Demand();
        await identity.Saving(manager, user, mayRead);
        return IdentityResult.Success;
    }
}
