using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Capture.Identity;

/// <summary>Sees that a password was checked, for whom and with what result; of the password and its hash it keeps nothing.</summary>
internal sealed class AuditedPasswordHasher<TUser>(IPasswordHasher<TUser> inner, IServiceProvider services, IdentityReporter identity)
    : IPasswordHasher<TUser>
    where TUser : class
{
    public string HashPassword(TUser user, string password) => inner.HashPassword(user, password);

    public PasswordVerificationResult VerifyHashedPassword(TUser user, string hashedPassword, string providedPassword)
    {
        // Before the password is looked at: right or wrong, the answer is the same.
        identity.Demand();
        var result = inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        identity.Compared(services, user, result);
        return result;
    }
}
