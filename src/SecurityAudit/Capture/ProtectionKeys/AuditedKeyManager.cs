using Microsoft.AspNetCore.DataProtection.KeyManagement;
using SecurityAudit.Journal;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.ProtectionKeys;

/// <summary>Records which key was made or revoked, and by whom; of a key it knows nothing but the id.</summary>
internal class AuditedKeyManager(IKeyManager inner, SecurityRecorder recorder, JournalGate gate, HookFailures failures, bool isKeyRing) : IKeyManager
{
    /// <summary>Who acts when the key ring does: nobody, whoever's request it is in.</summary>
    private static readonly AuditUser Nobody = new(Id: null, Name: null);

    /// <summary>Around a manager that can delete keys is one that can.</summary>
    public static AuditedKeyManager Around(IKeyManager inner, SecurityRecorder recorder, JournalGate gate, HookFailures failures) =>
        inner is IDeletableKeyManager deletable
            ? new AuditedDeletableKeyManager(deletable, recorder, gate, failures)
            : new AuditedKeyManager(inner, recorder, gate, failures, isKeyRing: false);

    /// <summary>The same manager, as the key ring is to have it.</summary>
    public IKeyManager ForKeyRing() => new AuditedKeyManager(inner, recorder, gate, failures, isKeyRing: true);

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate)
    {
        gate.Demand();
        IKey key;
        try
        {
            key = inner.CreateNewKey(activationDate, expirationDate);
        }
        catch (Exception failure) when (Failed(SecurityEvents.CryptKeyCreated(key: null), failure))
        {
            throw;
        }

        try
        {
            Record(SecurityEvents.CryptKeyCreated(Text(key.KeyId)));
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }

        return key;
    }

    public void RevokeKey(Guid keyId, string? reason = null) =>
        Revoke(SecurityEvents.CryptKeyRevoked(Text(keyId)) with { Reason = reason }, () => inner.RevokeKey(keyId, reason));

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) =>
        Revoke(SecurityEvents.CryptKeysRevoked(revocationDate) with { Reason = reason }, () => inner.RevokeAllKeys(revocationDate, reason));

    public IReadOnlyCollection<IKey> GetAllKeys() => inner.GetAllKeys();

    public CancellationToken GetCacheExpirationToken() => inner.GetCacheExpirationToken();

    protected static string Text(Guid keyId) => keyId.ToString("D");

    protected void Record(SecurityEvent made) => recorder.Record(isKeyRing ? made with { User = Nobody } : made);

    /// <summary>Always false: the exception goes on as if nobody had looked, and is not taken the place of.</summary>
    protected bool Failed(SecurityEvent attempted, Exception failure)
    {
        if (failure is not JournalUnavailableException)
        {
            recorder.TryRecord(attempted with
            {
                Outcome = EventOutcome.Failure, Reason = failure.GetType().FullName, User = isKeyRing ? Nobody : null,
            });
        }

        return false;
    }

    private void Revoke(SecurityEvent revoked, Action revoke)
    {
        gate.Demand();
        try
        {
            revoke();
        }
        catch (Exception failure) when (Failed(revoked, failure))
        {
            throw;
        }

        Record(revoked);
    }
}
