using System.Collections.Concurrent;
using SecurityAudit.Capture;

namespace SecurityAudit.Responses;

/// <summary>
/// Which sources are blocked now. Asked in each request and changed at alerts; safe for any thread. A block is over at its moment, whether
/// somebody looks or not, by a clock that nobody sets.
/// </summary>
internal sealed class BlockedSources(TimeProvider time)
{
    /// <summary>At once, some 5 MB: who attacks from more gets no more of them blocked until others are over.</summary>
    public const int Most = 10_000;

    private readonly ConcurrentDictionary<SourceNetwork, SourceBlock> _blocks = new();
    private readonly Lock _lock = new();
    private volatile bool _any;

    /// <summary>All that a request costs while nobody is blocked.</summary>
    public bool Any => _any;

    public SourceBlock? Find(SourceNetwork source) =>
        _blocks.TryGetValue(source, out var block) && block.EndsAt > time.GetTimestamp() ? block : null;

    /// <summary>How long it goes on.</summary>
    public TimeSpan Rest(SourceBlock block) => time.GetElapsedTime(time.GetTimestamp(), block.EndsAt);

    /// <summary>Blocks a source, or blocks it for longer; never for shorter.</summary>
    /// <returns>True when it does; false when it is blocked as long already; null when there is no room.</returns>
    public bool? Start(SourceNetwork source, AlertNotification alert, DateTimeOffset until, TimeSpan rest)
    {
        var endsAt = time.GetTimestamp() + (long)(rest.TotalSeconds * time.TimestampFrequency);
        lock (_lock)
        {
            if (_blocks.TryGetValue(source, out var running))
            {
                if (running.EndsAt >= endsAt)
                {
                    return false;
                }

                _blocks[source] = running.Prolonged(alert, until, endsAt);
                return true;
            }

            if (_blocks.Count >= Most)
            {
                return null;
            }

            _blocks[source] = new SourceBlock(alert, until, endsAt);
            _any = true;
            return true;
        }
    }

    /// <summary>Takes out what is over.</summary>
    public IReadOnlyList<SourceBlock> TakeOver()
    {
        if (!_any)
        {
            return [];
        }

        var now = time.GetTimestamp();
        lock (_lock)
        {
            List<SourceBlock> over = [];
            foreach (var (source, block) in _blocks.Where(pair => pair.Value.EndsAt <= now))
            {
                _blocks.TryRemove(source, out _);
                over.Add(block);
            }

            _any = !_blocks.IsEmpty;
            return over;
        }
    }

    /// <summary>What runs now.</summary>
    public IReadOnlyList<SourceBlock> Running => _any ? [.. _blocks.Values] : [];
}
