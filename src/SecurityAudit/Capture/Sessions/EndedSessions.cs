using Microsoft.AspNetCore.Authentication;
using SecurityAudit.Enrichment;
using SecurityAudit.Metrics;

namespace SecurityAudit.Capture.Sessions;

/// <summary>
/// Remembers which sessions ended before their time, until their credentials expire: a cookie says all there is to say itself, so that the
/// framework takes it again after its session was signed out.
/// </summary>
/// <remarks>
/// Of this process alone: what ended before its start, or on another machine, is not known. Bounded: beyond it what was least recently
/// asked for is forgotten, and counted. Safe for any thread.
/// </remarks>
internal sealed class EndedSessions(TimeProvider time, AuditMetrics metrics)
{
    internal const int Most = 50_000;

    /// <summary>What the framework's cookies last at the longest, unless the application says otherwise.</summary>
    private static readonly TimeSpan Unlimited = TimeSpan.FromDays(14);

    private readonly Lock _lock = new();
    private readonly BoundedTable<string, EndedSession> _sessions = new(Most);
    private volatile bool _isEmpty = true;

    /// <summary>The session of that credential has ended. What is returned is how it had ended before.</summary>
    public EndedSession? End(AuthenticationProperties properties, string how)
    {
        if (SessionTicket.IdOf(properties) is not { } id)
        {
            return null;
        }

        var now = time.GetUtcNow();
        lock (_lock)
        {
            var before = Find(id, properties, now);
            if (before is null && _sessions.Set(id, new EndedSession(how, now, properties.ExpiresUtc ?? now + Unlimited)) is not null)
            {
                metrics.Forgot("ended_sessions");
            }

            _isEmpty = false;
            return before;
        }
    }

    /// <summary>The same session is issued anew: it goes on.</summary>
    public void Reissued(string id)
    {
        if (!_isEmpty)
        {
            lock (_lock)
            {
                _sessions.Remove(id);
            }
        }
    }

    /// <summary>How the session of a credential ended that somebody came with; null where it did not.</summary>
    public EndedSession? Find(AuthenticationProperties? properties)
    {
        if (_isEmpty || SessionTicket.IdOf(properties) is not { } id)
        {
            return null;
        }

        lock (_lock)
        {
            return Find(id, properties!, time.GetUtcNow());
        }
    }

    private EndedSession? Find(string id, AuthenticationProperties properties, DateTimeOffset now)
    {
        if (!_sessions.TryGet(id, out var ended))
        {
            return null;
        }

        // The framework renews what it takes: a copy may last longer than what was signed out.
        var until = properties.ExpiresUtc > ended.Until ? properties.ExpiresUtc.Value : ended.Until;
        if (until <= now)
        {
            _sessions.Remove(id);
            return null;
        }

        if (until != ended.Until)
        {
            _sessions.Set(id, ended with { Until = until });
        }

        return ended;
    }
}
