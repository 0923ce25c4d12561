using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>Says when the clock was set back: the order of the lines is then no longer that of their times.</summary>
internal sealed class ClockWatch(TimeProvider time, HealthBoard health)
{
    private static readonly TimeSpan Unremarkable = TimeSpan.FromSeconds(1);

    private DateTimeOffset _last = time.GetUtcNow();

    public void Look()
    {
        var now = time.GetUtcNow();
        if (now < _last - Unremarkable)
        {
            health.Say(JournalNoticeKind.ClockStepped, string.Create(CultureInfo.InvariantCulture,
                $"The clock shows {now:O}, expected a time after {_last:O}: it was set back. The order of the lines is that of event.sequence; look after the time service."));
        }

        _last = now;
    }
}
