using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecurityAudit.Journal;

namespace SecurityAudit.Alerts;

/// <summary>
/// The one alert that no journal can hold: that there is none, or that it cannot be written. Told from memory while it lasts, and when it
/// is over, from when on the journal tells of the gap itself.
/// </summary>
internal sealed class JournalOutage(IHostEnvironment environment, IOptions<SecurityAuditOptions> options, TimeProvider time)
{
    private const string Rule = "audit_health";
    private const int LooksBeforeItIsTold = 2;

    private int _looks;
    private AlertNotification? _told;

    /// <summary>What is to be told now that the journal stands so; mostly nothing.</summary>
    public AlertNotification? Look(JournalHealth health)
    {
        if (health.State == JournalHealthState.Failed)
        {
            return ++_looks == LooksBeforeItIsTold && _told is null ? _told = Raised(health) : null;
        }

        _looks = 0;
        if (_told is not { } told)
        {
            return null;
        }

        _told = null;
        return told with
        {
            EventId = null,
            Stage = AlertStage.Resolved,
            Sentence = string.Create(CultureInfo.InvariantCulture, $"The audit journal is written again. {health.Dropped} events are lost; the journal says when."),
            Advice = "See what happened in that time in the log of whatever stands before the application.",
            End = time.GetUtcNow(),
            Timestamp = time.GetUtcNow(),
        };
    }

    private AlertNotification Raised(JournalHealth health)
    {
        var now = time.GetUtcNow();
        var outcome = options.Value.Journal.FailureMode == JournalFailureMode.Refuse
            ? "What cannot be recorded is refused."
            : "The application goes on, and what happens in it is neither recorded nor watched.";
        return new AlertNotification
        {
            Id = $"journal-outage-{Guid.CreateVersion7(now)}",
            RuleId = Rule,
            RuleName = "The audit journal cannot be written",
            RuleDescription = "Security events do not reach the disk.",
            Severity = EventSeverity.Critical,
            RiskScore = (double)EventSeverity.Critical,
            Sentence = $"The audit journal cannot be written: {health.Reason} {outcome}",
            Advice = "Look at the volume of the journal and at who may write there.",
            ServiceName = options.Value.ServiceName ?? environment.ApplicationName,
            ServiceEnvironment = environment.EnvironmentName,
            HostName = Environment.MachineName,
            Start = now,
            Timestamp = now,
        };
    }
}
