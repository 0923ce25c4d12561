using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture.Identity;

/// <summary>What is put beside Identity's services of one role type, which is known only when the application is built.</summary>
internal abstract class RoleDecoration
{
    public abstract ServiceDescriptor Validator { get; }

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Role types are classes: all instantiations share one canonical body, which is kept.")]
    public static RoleDecoration Of(Type role) => (RoleDecoration)Activator.CreateInstance(typeof(RoleDecoration<>).MakeGenericType(role))!;
}

internal sealed class RoleDecoration<TRole> : RoleDecoration
    where TRole : class
{
    public override ServiceDescriptor Validator { get; } = ServiceDescriptor.Scoped<IRoleValidator<TRole>>(
        services => new AuditedRoleValidator<TRole>(services.GetRequiredService<IdentityReporter>()));
}
