using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>A clock that knows for how long somebody has begun to wait: only then may it be moved.</summary>
internal sealed class WatchedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly ConcurrentBag<TimeSpan> _waits = [];

    public bool IsAwaited(TimeSpan wait) => _waits.Contains(wait);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Add(dueTime);
        return timer;
    }
}
