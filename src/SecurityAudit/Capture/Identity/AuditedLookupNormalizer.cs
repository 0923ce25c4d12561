using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Capture.Identity;

/// <summary>Sees every name by which an account is looked up: the only trace of a name that no account answers to.</summary>
internal sealed class AuditedLookupNormalizer(ILookupNormalizer inner, IdentityWitness witness) : ILookupNormalizer
{
    [return: NotNullIfNotNull(nameof(name))]
    public string? NormalizeName(string? name)
    {
        witness.Claimed(name);
        return inner.NormalizeName(name);
    }

    [return: NotNullIfNotNull(nameof(email))]
    public string? NormalizeEmail(string? email)
    {
        witness.Claimed(email);
        return inner.NormalizeEmail(email);
    }
}
