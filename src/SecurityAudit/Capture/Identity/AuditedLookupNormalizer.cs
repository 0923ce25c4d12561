using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Capture.Identity;

/// <summary>Sees every name by which an account is looked up: the only trace of a name that no account answers to.</summary>
internal sealed class AuditedLookupNormalizer(ILookupNormalizer inner, IdentityReporter identity) : ILookupNormalizer
{
    [return: NotNullIfNotNull(nameof(name))]
    public string? NormalizeName(string? name)
    {
        identity.LookedUp(name);
        return inner.NormalizeName(name);
    }

    [return: NotNullIfNotNull(nameof(email))]
    public string? NormalizeEmail(string? email)
    {
        identity.LookedUp(email);
        return inner.NormalizeEmail(email);
    }
}
