using System.Collections.Concurrent;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.ProtectionKeys;

/// <summary>Records also which keys were deleted.</summary>
internal sealed class AuditedDeletableKeyManager(IDeletableKeyManager inner, SecurityRecorder recorder, JournalGate gate, HookFailures failures)
    : AuditedKeyManager(inner, recorder, gate, failures, isKeyRing: false), IDeletableKeyManager
{
    private readonly JournalGate _gate = gate;
    private readonly HookFailures _failures = failures;

    public bool CanDeleteKeys => inner.CanDeleteKeys;

    public bool DeleteKeys(Func<IKey, bool> shouldDelete)
    {
        _gate.Demand();
        var chosen = new ConcurrentBag<IKey>();
        var isDone = inner.DeleteKeys(key =>
        {
            var isChosen = shouldDelete(key);
            if (isChosen)
            {
                chosen.Add(key);
            }

            return isChosen;
        });
        try
        {
            Record(chosen, isDone);
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            _failures.Failed(this, failure);
        }

        return isDone;
    }

    private void Record(IEnumerable<IKey> chosen, bool isDone)
    {
        // Where it is not done, the manager says that some may be deleted and some not: which, only a look tells.
        var left = isDone ? [] : inner.GetAllKeys().Select(key => key.KeyId).ToHashSet();
        foreach (var key in chosen.Select(key => key.KeyId).Distinct())
        {
            var deleted = SecurityEvents.CryptKeyDeleted(Text(key));
            Record(left.Contains(key) ? deleted with { Outcome = EventOutcome.Failure, Reason = "the key is still there" } : deleted);
        }
    }
}
