using SecurityAudit.Metrics;

namespace SecurityAudit.Capture.Probing;

/// <summary>
/// Counts for each source the different addresses that it asked for in vain. A person mistypes a few, a page has a few broken links; who
/// looks for something asks for dozens.
/// </summary>
/// <remarks>
/// Bounded: with more sources at once than there is room for, the one that was least recently seen is forgotten, and counted. Who takes
/// more than a minute for so many addresses is not seen. Safe for any thread.
/// </remarks>
internal sealed class MissedAddresses(TimeProvider time, AuditMetrics metrics)
{
    internal const int Most = 10_000;

    /// <summary>So many different addresses within the window.</summary>
    internal const int TooMany = 25;

    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>How long a source that asked for too many is counted on without counting anew.</summary>
    internal static readonly TimeSpan Storm = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly BoundedTable<SourceNetwork, Misses> _sources = new(Most);

    /// <summary>True where the source has asked for too many.</summary>
    public bool Add(SourceNetwork source, string path)
    {
        var hash = string.GetHashCode(path, StringComparison.OrdinalIgnoreCase);
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (!_sources.TryGet(source, out var misses))
            {
                misses = new Misses { Since = now };
                if (_sources.Set(source, misses) is not null)
                {
                    metrics.Forgot("probing");
                }
            }

            if (now - misses.Since >= (misses.Count < TooMany ? Window : Storm))
            {
                (misses.Since, misses.Count) = (now, 0);
            }

            if (misses.Count == TooMany)
            {
                return true;
            }

            if (!misses.Paths.AsSpan(0, misses.Count).Contains(hash))
            {
                misses.Paths[misses.Count++] = hash;
            }

            return misses.Count == TooMany;
        }
    }

    private sealed class Misses
    {
        public DateTimeOffset Since { get; set; }

        public int Count { get; set; }

        public int[] Paths { get; } = new int[TooMany];
    }
}
