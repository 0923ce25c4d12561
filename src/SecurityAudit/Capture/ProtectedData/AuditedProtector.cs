using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace SecurityAudit.Capture.ProtectedData;

/// <summary>Sees that a payload cannot be decrypted: altered, made with another key, or never one. It keeps nothing of it.</summary>
internal class AuditedProtector(IDataProtector inner, DecryptionFailures failures, string purposes) : IDataProtector
{
    /// <summary>What else the protector can do it can still do: who wants a key that was revoked asks for that.</summary>
    public static IDataProtector Around(IDataProtector inner, DecryptionFailures failures, string purposes) => inner switch
    {
        ITimeLimitedDataProtector => inner, // never made by a provider; its own failures are of what it wraps
        IPersistedDataProtector persisted => new Persisted(persisted, failures, purposes),
        _ => new AuditedProtector(inner, failures, purposes),
    };

    public IDataProtector CreateProtector(string purpose) => Around(inner.CreateProtector(purpose), failures, $"{purposes}, {purpose}");

    public byte[] Protect(byte[] plaintext) => inner.Protect(plaintext);

    public byte[] Unprotect(byte[] protectedData)
    {
        try
        {
            return inner.Unprotect(protectedData);
        }
        catch (CryptographicException) when (Failed())
        {
            throw;
        }
    }

    /// <summary>Always false: it goes on as if nobody had looked.</summary>
    protected bool Failed()
    {
        failures.Record(purposes);
        return false;
    }

    private sealed class Persisted(IPersistedDataProtector inner, DecryptionFailures failures, string purposes)
        : AuditedProtector(inner, failures, purposes), IPersistedDataProtector
    {
        public byte[] DangerousUnprotect(byte[] protectedData, bool ignoreRevocationErrors, out bool requiresMigration, out bool wasRevoked)
        {
            try
            {
                return inner.DangerousUnprotect(protectedData, ignoreRevocationErrors, out requiresMigration, out wasRevoked);
            }
            catch (CryptographicException) when (Failed())
            {
                throw;
            }
        }
    }
}
