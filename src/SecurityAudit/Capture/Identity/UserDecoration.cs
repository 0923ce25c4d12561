using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecurityAudit.Inventory;
using SecurityAudit.Responses;

namespace SecurityAudit.Capture.Identity;

/// <summary>What is put around Identity's services of one user type, which is known only when the application is built.</summary>
internal abstract class UserDecoration
{
    /// <summary>What sees the accounts that are saved, and those for which a password is judged; and what is to be said of their store.</summary>
    public abstract IEnumerable<ServiceDescriptor> Validators(IServiceCollection services);

    /// <summary>What ends the sessions of such accounts.</summary>
    public abstract ServiceDescriptor Sessions { get; }

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
    public override ServiceDescriptor Sessions => ServiceDescriptor.Singleton<IAccountSessions>(new AccountSessions<TUser>());

    public override IEnumerable<ServiceDescriptor> Validators(IServiceCollection services)
    {
        var mayRead = StoreReading.IsAllowed<TUser>(services);
        if (OwnUserStore.Of<TUser>(services, mayRead) is { } own)
        {
            yield return ServiceDescriptor.Singleton(own);
        }

        yield return ServiceDescriptor.Scoped<IUserValidator<TUser>>(
            provider => new AuditedUserValidator<TUser>(provider.GetRequiredService<IdentityReporter>(), mayRead));
        yield return ServiceDescriptor.Scoped<IPasswordValidator<TUser>>(
            provider => new AuditedPasswordValidator<TUser>(provider.GetRequiredService<IdentityReporter>()));
    }

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
