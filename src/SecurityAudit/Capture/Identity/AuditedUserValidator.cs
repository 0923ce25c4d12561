using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Capture.Identity;

/// <summary>Sees every account just before <see cref="UserManager{TUser}"/> saves it; refuses nothing.</summary>
internal sealed class AuditedUserValidator<TUser>(IdentityWitness witness) : IUserValidator<TUser>
    where TUser : class
{
    public async Task<IdentityResult> ValidateAsync(UserManager<TUser> manager, TUser user)
    {
        await witness.Saving(manager, user);
        return IdentityResult.Success;
    }
}
