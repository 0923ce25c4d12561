using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Capture.Identity;

/// <summary>
/// Keeps <see cref="RoleManager{TRole}"/> from saving what could not be recorded. Its creation makes the library listen, so that roles
/// which are seeded before the host starts are seen too.
/// </summary>
internal sealed class AuditedRoleValidator<TRole>(IdentityReporter identity) : IRoleValidator<TRole>
    where TRole : class
{
    public Task<IdentityResult> ValidateAsync(RoleManager<TRole> manager, TRole role)
    {
        identity.Demand();
        return Task.FromResult(IdentityResult.Success);
    }
}
