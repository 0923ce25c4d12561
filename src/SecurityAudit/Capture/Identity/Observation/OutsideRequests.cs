using SecurityAudit.Capture.Identity.Trail;

namespace SecurityAudit.Capture.Identity.Observation;

/// <summary>
/// What was seen lately of accounts where there is no request: jobs, seeding. An operation is measured when it is over, and is about the one
/// account that was worked on in its time; where jobs at the same time worked on others, it is about none that anybody can name.
/// </summary>
internal sealed class OutsideRequests
{
    private readonly Lock _lock = new();
    private TrailState _recent = TrailState.Outside;

    public TrailState Recent
    {
        get
        {
            lock (_lock)
            {
                return _recent;
            }
        }
    }

    /// <summary>Takes what names accounts, and tells what such an operation is to be judged by.</summary>
    public TrailState See(Sighting seen)
    {
        lock (_lock)
        {
            if (seen is AccountSaving or AccountSeen or NameLookedUp)
            {
                _recent = _recent.With(seen);
            }

            if (seen is not AccountMeasured measured)
            {
                return TrailState.Outside;
            }

            // More was seen in its time than is kept: what is forgotten may have been its own.
            var known = _recent;
            _recent = KnownChanges.Told(_recent, measured, target: null);
            return known.Open.Count >= TrailState.Most && known.Open[0].At > measured.Started
                ? TrailState.Outside
                : known;
        }
    }
}
