using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Capture.Identity;

/// <summary>
/// Refuses nothing. Its creation makes the witness listen, so that roles which are seeded before the host starts are seen too.
/// </summary>
internal sealed class AuditedRoleValidator<TRole> : IRoleValidator<TRole>
    where TRole : class
{
    public Task<IdentityResult> ValidateAsync(RoleManager<TRole> manager, TRole role) => Task.FromResult(IdentityResult.Success);
}
