using Microsoft.Extensions.Logging;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Recording;

namespace SecurityAudit.Detection.Following;

/// <summary>
/// Records what rules find, each once: what they find again when they read the journal again is on record already, or is recorded at the
/// end, when the journal does not say that it was.
/// </summary>
internal sealed partial class AlertLog(SecurityRecorder recorder, EventQueries queries, ILogger logger) : IAlertReceiver
{
    /// <summary>Attacks go on being counted whether their alert is on record or not, so few are enough.</summary>
    private const int MostUnrecorded = 1000;

    private readonly Dictionary<Attack, SecurityEvent> _pending = [];
    private readonly Queue<SecurityEvent> _unrecorded = [];

    /// <summary>Is there an alert that the journal has not taken yet? The place in the journal is kept before it until then.</summary>
    public bool HasUnrecorded => _unrecorded.Count > 0;

    /// <summary>What detection is doing.</summary>
    public FollowingStage Stage { get; set; }

    public void Raised(Attack attack, Finding finding)
    {
        if (Stage != FollowingStage.Rebuilding)
        {
            var alert = AlertEvents.Raised(attack, finding, queries);
            if (Stage == FollowingStage.CatchingUp)
            {
                _pending[attack] = alert;
            }
            else
            {
                Record(attack, alert);
            }
        }
    }

    public void WasTold(Attack attack) => _pending.Remove(attack);

    public void Summed(Attack attack, Finding since)
    {
        if (Stage == FollowingStage.Live)
        {
            Record(attack, AlertEvents.Summed(attack, since, queries));
        }
    }

    public void Resolved(Attack attack)
    {
        if (Stage == FollowingStage.Live)
        {
            Record(attack, AlertEvents.Resolved(attack, queries));
        }
    }

    /// <summary>All that was written before the start is read: what was found in it and is not on record is recorded now.</summary>
    public void BeginLive()
    {
        Stage = FollowingStage.Live;
        foreach (var (attack, alert) in _pending)
        {
            Record(attack, alert);
        }

        _pending.Clear();
    }

    /// <summary>Records what the journal did not take before, in its order.</summary>
    public void RecordAgain()
    {
        while (_unrecorded.TryPeek(out var alert) && recorder.TryRecord(alert))
        {
            _unrecorded.Dequeue();
        }
    }

    private void Record(Attack attack, SecurityEvent alert)
    {
        if (attack.Watch.Rule.DryRun)
        {
            Log.WouldRaise(logger, attack.Watch.Rule.Name, alert.Message);
            return;
        }

        if (alert.Kind == "alert")
        {
            Log.Raised(logger, attack.Watch.Rule.Name, alert.Message);
        }

        if ((HasUnrecorded || !recorder.TryRecord(alert)) && _unrecorded.Count < MostUnrecorded)
        {
            _unrecorded.Enqueue(alert);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Rule}: {Sentence}")]
        public static partial void Raised(ILogger logger, string rule, string? sentence);

        [LoggerMessage(2, LogLevel.Information, "The rule {Rule} is on trial and would have told: {Sentence}")]
        public static partial void WouldRaise(ILogger logger, string rule, string? sentence);
    }
}
