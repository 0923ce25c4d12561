using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Capture.Identity;

/// <summary>
/// Keeps <see cref="RoleManager{TRole}"/> from saving what could not be recorded. Its creation makes the witness listen, so that roles which are
/// seeded before the host starts are seen too.
/// </summary>
internal sealed class AuditedRoleValidator<TRole>(IdentityWitness witness) : IRoleValidator<TRole>
    where TRole : class
{
    public Task<IdentityResult> ValidateAsync(RoleManager<TRole> manager, TRole role)
    {
        witness.Demand();
        return Task.FromResult(IdentityResult.Success);
    }
}
