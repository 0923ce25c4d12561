using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>
/// The sightings of one request, taken one after the other whatever thread they come from. Exists only in requests where a hook fired.
/// </summary>
/// <param name="caller">Who was signed in when the first hook fired.</param>
/// <param name="seesHashes">Each comparison of a hash is seen.</param>
internal sealed class IdentityTrail(AuditUser? caller, bool seesHashes = true) : Evidence
{
    private readonly Lock _lock = new();
    private volatile TrailState _state = new(caller, SeesHashes: seesHashes);

    /// <summary>What is known at this moment.</summary>
    public TrailState State => _state;

    /// <summary>Takes one sighting; what is to be recorded because of it is the caller's to record.</summary>
    public TrailStep See(Sighting seen)
    {
        lock (_lock)
        {
            var step = IdentityMachine.Next(_state, seen);
            _state = step.State;
            return step;
        }
    }
}
