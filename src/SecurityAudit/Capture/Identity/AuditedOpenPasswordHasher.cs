using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture.Identity;

/// <summary>The same around a hasher that is registered for every type of account at once.</summary>
internal sealed class AuditedOpenPasswordHasher<TUser>(
    [FromKeyedServices(AuditedOpenPasswordHasher<object>.Inner)] IPasswordHasher<TUser> inner, IServiceProvider services, IdentityReporter identity)
    : IPasswordHasher<TUser>
    where TUser : class
{
    /// <summary>The key under which the application's own hasher is registered again.</summary>
    public const string Inner = "SecurityAudit.PasswordHasher";

    private readonly AuditedPasswordHasher<TUser> _audited = new(inner, services, identity);

    public string HashPassword(TUser user, string password) => _audited.HashPassword(user, password);

    public PasswordVerificationResult VerifyHashedPassword(TUser user, string hashedPassword, string providedPassword) =>
        _audited.VerifyHashedPassword(user, hashedPassword, providedPassword);
}
