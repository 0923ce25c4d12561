using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Capture.Identity;

/// <summary>What is put around Identity's services of one user type, which is known only when the application is built.</summary>
internal abstract class UserDecoration
{
    public abstract ServiceDescriptor Validator { get; }

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "User types are classes: all instantiations share one canonical body, which is kept.")]
    public static UserDecoration Of(Type user) => (UserDecoration)Activator.CreateInstance(typeof(UserDecoration<>).MakeGenericType(user))!;

    public abstract object Hasher(IServiceProvider services, object inner);

    /// <summary>In the place of the framework's own class.</summary>
    public abstract object HasherClass(IServiceProvider services);

    public abstract object Passkeys(IServiceProvider services, object inner);
}

internal sealed class UserDecoration<TUser> : UserDecoration
    where TUser : class
{
    public override ServiceDescriptor Validator { get; } = ServiceDescriptor.Scoped<IUserValidator<TUser>>(
        services => new AuditedUserValidator<TUser>(services.GetRequiredService<IdentityReporter>()));

    public override object Hasher(IServiceProvider services, object inner) =>
        // A registration of the interface may give the class, which tells of each comparison by itself.
        inner is AuditedPasswordHasherClass<TUser>
            ? inner
            : new AuditedPasswordHasher<TUser>((IPasswordHasher<TUser>)inner, services, services.GetRequiredService<IdentityReporter>());

    public override object HasherClass(IServiceProvider services) => new AuditedPasswordHasherClass<TUser>(
        services.GetService<IOptions<PasswordHasherOptions>>(), services, services.GetRequiredService<IdentityReporter>());

    public override object Passkeys(IServiceProvider services, object inner) =>
        new AuditedPasskeyHandler<TUser>((IPasskeyHandler<TUser>)inner, services.GetRequiredService<IdentityReporter>());
}
