using System.Collections.Concurrent;
using SecurityAudit.Recording;

namespace SecurityAudit.Tests.Identity;

/// <summary>
/// Keeps, in order, what the journal took of Identity's events; sessions, denials and the application's own life are others' tests.
/// </summary>
internal sealed class RecordedAudit : IEventObserver
{
    private static readonly string[] Others =
        ["session_created", "session_renewed", "session_logout", "authn_token_created", "authn_credential_invalid", "sys_startup", "sys_shutdown", "audit_coverage"];

    private readonly ConcurrentQueue<SecurityEvent> _events = new();

    public IReadOnlyList<SecurityEvent> Events => [.. _events];

    public IReadOnlyList<string> Actions => [.. _events.Select(recorded => recorded.Action)];

    public void Clear() => _events.Clear();

    public void Observe(SecurityEvent recorded)
    {
        if (!Others.Contains(recorded.Action))
        {
            _events.Enqueue(recorded);
        }
    }

    /// <summary>The only event of that name.</summary>
    public SecurityEvent The(string action) => Assert.Single(_events, recorded => recorded.Action == action);
}
