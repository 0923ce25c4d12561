using Microsoft.AspNetCore.DataProtection;

namespace SecurityAudit.Capture.ProtectedData;

/// <summary>Makes protectors whose failures are recorded.</summary>
internal sealed class AuditedProtectionProvider(IDataProtectionProvider inner, DecryptionFailures failures) : IDataProtectionProvider
{
    public IDataProtector CreateProtector(string purpose) => AuditedProtector.Around(inner.CreateProtector(purpose), failures, purpose);
}
