using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>Looks at the free space of the volume, and keeps a reserve that is given up for the last lines.</summary>
internal sealed class SpaceWatch(string directory, IDisk disk, JournalOptions options, HealthBoard health)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _reserve = Path.Combine(directory, LogFiles.Reserve);
    private long? _lastLooked;

    /// <summary>Looks, at most once a second, and makes the reserve again when there is room for it.</summary>
    public void Look()
    {
        if (_lastLooked is { } last && options.TimeProvider.GetElapsedTime(last) < Interval)
        {
            return;
        }

        _lastLooked = options.TimeProvider.GetTimestamp();
        try
        {
            var free = disk.FreeBytes(directory);
            Judge(free);
            if (options.ReserveBytes > 0 && free > 2 * options.ReserveBytes && !File.Exists(_reserve))
            {
                disk.Create(_reserve, options.ReserveBytes).Dispose();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            health.Say(JournalNoticeKind.SpaceLow, $"The free space of '{directory}' could not be looked up, or no reserve be made: {e.Message}", e);
        }
    }

    /// <summary>Gives the reserve up.</summary>
    public void Release() => disk.Delete(_reserve);

    private void Judge(long free)
    {
        if (free >= options.WarnFreeBytes)
        {
            health.Clear(JournalNoticeKind.SpaceLow);
            health.Clear(JournalNoticeKind.SpaceCritical);
            return;
        }

        var isCritical = free < options.CriticalFreeBytes;
        health.Raise(
            isCritical ? JournalNoticeKind.SpaceCritical : JournalNoticeKind.SpaceLow,
            string.Create(CultureInfo.InvariantCulture,
                $"The volume of '{directory}' has {free} bytes free, expected at least {(isCritical ? options.CriticalFreeBytes : options.WarnFreeBytes)}. "
                + $"Make room or move the journal: when the volume is full, the failure mode decides what becomes of events."));
        if (!isCritical)
        {
            health.Clear(JournalNoticeKind.SpaceCritical);
        }
    }
}
