using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Capture.Identity;

/// <summary>Sees that a password was checked, for whom and with what result; of the password and its hash it keeps nothing.</summary>
internal sealed class AuditedPasswordHasher<TUser> : IPasswordHasher<TUser>
    where TUser : class
{
    private readonly IPasswordHasher<TUser> _inner;
    private readonly IServiceProvider _services;
    private readonly IdentityReporter _identity;

    public AuditedPasswordHasher(IPasswordHasher<TUser> inner, IServiceProvider services, IdentityReporter identity)
    {
        (_inner, _services, _identity) = (inner, services, identity);
        identity.HasHasher();
    }

    public string HashPassword(TUser user, string password) => _inner.HashPassword(user, password);

    public PasswordVerificationResult VerifyHashedPassword(TUser user, string hashedPassword, string providedPassword)
    {
        // Before the password is looked at: right or wrong, the answer is the same.
        _identity.Demand();
        var result = _inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        _identity.Compared(_services, user, result);
        return result;
    }
}
