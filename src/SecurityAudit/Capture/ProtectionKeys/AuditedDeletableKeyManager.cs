using System.Collections.Concurrent;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.ProtectionKeys;

/// <summary>Records also which keys were deleted.</summary>
internal sealed class AuditedDeletableKeyManager(IDeletableKeyManager inner, SecurityRecorder recorder, JournalGate gate)
    : AuditedKeyManager(inner, recorder, gate, isKeyRing: false), IDeletableKeyManager
{
    private readonly JournalGate _gate = gate;

    public bool CanDeleteKeys => inner.CanDeleteKeys;

    public bool DeleteKeys(Func<IKey, bool> shouldDelete)
    {
        _gate.Demand();
        var chosen = new ConcurrentDictionary<Guid, bool>();
        var isDone = inner.DeleteKeys(key =>
        {
            var isChosen = shouldDelete(key);
            chosen[key.KeyId] = isChosen;
            return isChosen;
        });

        // Where it is not done, the manager says that some may be deleted and some not: which, only a look tells.
        var left = isDone ? [] : inner.GetAllKeys().Select(key => key.KeyId).ToHashSet();
        foreach (var (key, isChosen) in chosen)
        {
            if (isChosen)
            {
                var deleted = SecurityEvents.CryptKeyDeleted(Text(key));
                Record(left.Contains(key) ? deleted with { Outcome = EventOutcome.Failure, Reason = "the key is still there" } : deleted);
            }
        }

        return isDone;
    }
}
