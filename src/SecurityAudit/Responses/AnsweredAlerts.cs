using SecurityAudit.Capture;

namespace SecurityAudit.Responses;

/// <summary>
/// The alerts that this run has answered: one that becomes durable while the journal is read at the start is seen twice. Safe for any thread.
/// </summary>
internal sealed class AnsweredAlerts
{
    private const int Most = 16_384;

    private readonly Lock _lock = new();
    private readonly BoundedTable<(string Id, DateTimeOffset? Summary), AlertNotification> _answered = new(Most);

    /// <summary>True the first time.</summary>
    public bool Claim(AlertNotification alert)
    {
        var key = (alert.Id, alert.Stage == AlertStage.Summary ? alert.Timestamp : (DateTimeOffset?)null);
        lock (_lock)
        {
            if (_answered.TryGet(key, out _))
            {
                return false;
            }

            _answered.Set(key, alert);
            return true;
        }
    }
}
