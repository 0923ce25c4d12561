using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Capture.Identity;

/// <summary>The same for an application that asks its container for the framework's class itself, and not for the interface.</summary>
internal sealed class AuditedPasswordHasherClass<TUser>(
    IOptions<PasswordHasherOptions>? options, IServiceProvider services, IdentityReporter identity) : PasswordHasher<TUser>(options)
    where TUser : class
{
    private readonly AuditedPasswordHasher<TUser> _audited = new(new PasswordHasher<TUser>(options), services, identity);

    public override PasswordVerificationResult VerifyHashedPassword(TUser user, string hashedPassword, string providedPassword) =>
        _audited.VerifyHashedPassword(user, hashedPassword, providedPassword);
}
