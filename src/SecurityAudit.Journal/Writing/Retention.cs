using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>
/// Removes old segments: only what every anchor has a checkpoint over, so that its removal can be told from an attack; only what every
/// consumer has settled, unless the owner says otherwise, and then that is recorded; and only up to a segment that begins with its
/// frontier, so that the rest still verifies.
/// </summary>
internal sealed class Retention(string directory, IDisk disk, AnchorFeeds anchors, JournalOptions options, HealthBoard health)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private long? _lastLooked;
    private IReadOnlyList<JournalSegment> _expired = [];

    /// <summary>
    /// Looks for segments past their time, once an hour. The line that it returns must be durable before <see cref="Execute"/>.
    /// </summary>
    public byte[]? Announce()
    {
        if (options.Retention is not { } retention
            || _expired.Count > 0
            || (_lastLooked is { } last && options.TimeProvider.GetElapsedTime(last) < Interval)
            || anchors.CommonlyPublished is not { } anchored)
        {
            return null;
        }

        _lastLooked = options.TimeProvider.GetTimestamp();
        try
        {
            return AnnounceExpired(options.TimeProvider.GetUtcNow(), retention, anchored);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            health.Say(
                JournalNoticeKind.Pruned,
                $"Which segments of '{directory}' are past their time could not be looked up: {e.Message} It will be tried again within the hour.", e);
            return null;
        }
    }

    /// <summary>Removes what was announced, the oldest first.</summary>
    public void Execute()
    {
        if (_expired.Count == 0)
        {
            return;
        }

        try
        {
            foreach (var segment in _expired)
            {
                disk.Delete(segment.Path);
            }

            disk.SyncDirectory(directory);
            health.Say(JournalNoticeKind.Pruned, $"{_expired.Count} segments of '{directory}' were past their time and removed, the last was '{_expired[^1].Name}'.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            health.Say(JournalNoticeKind.Pruned, $"A segment of '{directory}' is past its time and could not be removed: {e.Message} It will be tried again within the hour.", e);
        }

        _expired = [];
    }

    private byte[]? AnnounceExpired(DateTimeOffset now, TimeSpan retention, Checkpoint anchored)
    {
        var log = JournalDirectory.Log(directory);
        var segments = log.Segments;
        var pastTheirTime = KeptFrom(segments, anchored.Size, now - retention);
        if (pastTheirTime == 0)
        {
            health.Clear(JournalNoticeKind.Unsettled);
            return null;
        }

        var unsettled = Unsettled.Of(log, options.Consumers);
        var keptFrom = options.PruneUnsettled ? pastTheirTime : KeptFrom(segments, Math.Min(anchored.Size, unsettled.Size), now - retention);
        if (keptFrom < pastTheirTime)
        {
            Hold(pastTheirTime - keptFrom, unsettled);
        }
        else
        {
            health.Clear(JournalNoticeKind.Unsettled);
        }

        if (keptFrom == 0)
        {
            return null;
        }

        _expired = [.. segments.Take(keptFrom)];
        var line = ControlPayload.Pruned(now, segments[0].First, segments[keptFrom].First, anchored);
        if (unsettled.ReasonToRecord(segments[0].First, segments[keptFrom].First) is not { } reason)
        {
            return line;
        }

        health.Say(JournalNoticeKind.Unsettled, $"In '{directory}', {reason}.", unsettled.Error);
        return Unsettled.WithReason(line, reason);
    }

    private void Hold(int segments, Unsettled unsettled) => health.Raise(
        JournalNoticeKind.Unsettled,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{segments} segments of '{directory}' are past their time and stay: the {unsettled.Name} has settled lines up to {unsettled.Size - 1} "
            + $"only{(unsettled.Error is { } error ? " as far as it can tell (" + error.Message + ")" : "")}. See that it gets on; "
            + $"if nobody reads there any more, remove its bookmark. The option PruneUnsettled lets such lines go."),
        unsettled.Error);

    /// <summary>How many segments may go when only so many lines are free to.</summary>
    private static int KeptFrom(IReadOnlyList<JournalSegment> segments, long free, DateTimeOffset limit)
    {
        var keptFrom = 0;
        for (var i = 1; i < segments.Count && segments[i].First <= free && IsPastItsTime(segments[i - 1], limit); i++)
        {
            if (SegmentOpening.Read(segments[i])?.Head is not null)
            {
                keptFrom = i;
            }
        }

        return keptFrom;
    }

    private static bool IsPastItsTime(JournalSegment segment, DateTimeOffset limit) => File.GetLastWriteTimeUtc(segment.Path) < limit.UtcDateTime;
}
