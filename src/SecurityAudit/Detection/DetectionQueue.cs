using System.Threading.Channels;
using Microsoft.Extensions.Options;
using SecurityAudit.Recording;

namespace SecurityAudit.Detection;

/// <summary>Between the recording threads and detection: never blocks, never throws; what finds no room is counted.</summary>
internal sealed class DetectionQueue(IOptions<SecurityAuditOptions> options) : IEventObserver
{
    public const int Capacity = 10_000;

    private readonly Channel<SecurityEvent?> _events =
        Channel.CreateBounded<SecurityEvent?>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    private long _dropped;

    public bool IsEnabled { get; } = options.Value.Detection.Enabled;

    /// <summary>Recorded events in their order; null where the detectors are to look at the clock.</summary>
    public ChannelReader<SecurityEvent?> Events => _events.Reader;

    public void Observe(SecurityEvent recorded)
    {
        // There is no alert about alerts.
        if (IsEnabled && recorded.Kind != "alert" && !_events.Writer.TryWrite(recorded))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Has the detectors look at the clock when they have seen what is waiting; a full queue looks at it soon enough.</summary>
    public void RequestReview() => _events.Writer.TryWrite(null);

    /// <summary>How many events found no room since the last call.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);
}
