namespace SecurityAudit.Journal;

/// <summary>
/// Removes old segments: only what every anchor has a checkpoint over, so that its removal can be told from an attack, and only up to a
/// segment that begins with its frontier, so that the rest still verifies.
/// </summary>
internal sealed class Retention(string directory, IDisk disk, AnchorFeeds anchors, JournalOptions options, HealthBoard health)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private long? _lastLooked;
    private IReadOnlyList<JournalSegment> _condemned = [];

    /// <summary>Looks for segments past their time, once an hour. The line that it returns must be durable before <see cref="Execute"/>.</summary>
    public byte[]? Announce()
    {
        if (options.Retention is not { } retention
            || _condemned.Count > 0
            || (_lastLooked is { } last && options.TimeProvider.GetElapsedTime(last) < Interval)
            || anchors.CommonlyPublished is not { } anchored)
            return null;
        _lastLooked = options.TimeProvider.GetTimestamp();
        try
        {
            return Condemn(options.TimeProvider.GetUtcNow(), retention, anchored);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            health.Say(JournalNoticeKind.Pruned, $"Which segments of '{directory}' are past their time could not be looked up: {e.Message} It will be tried again within the hour.", e);
            return null;
        }
    }

    /// <summary>Removes what was announced, the oldest first.</summary>
    public void Execute()
    {
        if (_condemned.Count == 0)
            return;
        try
        {
            foreach (var segment in _condemned)
                disk.Delete(segment.Path);
            disk.SyncDirectory(directory);
            health.Say(JournalNoticeKind.Pruned, $"{_condemned.Count} segments of '{directory}' were past their time and removed, the last was '{_condemned[^1].Name}'.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            health.Say(JournalNoticeKind.Pruned, $"A segment of '{directory}' is past its time and could not be removed: {e.Message} It will be tried again within the hour.", e);
        }

        _condemned = [];
    }

    private byte[]? Condemn(DateTimeOffset now, TimeSpan retention, Checkpoint anchored)
    {
        var segments = JournalDirectory.Segments(directory);
        var keptFrom = 0;
        for (var i = 1; i < segments.Count && segments[i].First <= anchored.Size && IsPastItsTime(segments[i - 1], now - retention); i++)
        {
            if (SegmentHead.Read(segments[i].Path) is not null)
                keptFrom = i;
        }

        if (keptFrom == 0)
            return null;
        _condemned = [.. segments.Take(keptFrom)];
        return ControlPayload.Pruned(now, segments[0].First, segments[keptFrom].First, anchored);
    }

    private static bool IsPastItsTime(JournalSegment segment, DateTimeOffset limit) => File.GetLastWriteTimeUtc(segment.Path) < limit.UtcDateTime;
}
