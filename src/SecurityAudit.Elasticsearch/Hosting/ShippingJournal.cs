using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Hosting;

/// <summary>Puts what shipping notices into the application's log and, where an auditor should know, into the journal.</summary>
internal sealed partial class ShippingJournal
{
    private readonly Lazy<ISecurityAudit> _audit;
    private readonly ILogger<ShippingJournal> _logger;

    public ShippingJournal(Lazy<ISecurityAudit> audit, IOptions<ElasticsearchOptions> options, TimeProvider time, ILogger<ShippingJournal> logger)
    {
        (_audit, _logger) = (audit, logger);
        Alarms = new ShippingAlarms("Elasticsearch", options.Value.StalledAfter, time, Record);
    }

    public ShippingAlarms Alarms { get; }

    public void Notice(ShippingNotice notice)
    {
        var level = notice.Kind switch
        {
            ShippingNoticeKind.Fork => LogLevel.Critical,
            ShippingNoticeKind.Paused or ShippingNoticeKind.Skipped or ShippingNoticeKind.DeadLetter or ShippingNoticeKind.Redirected => LogLevel.Error,
            ShippingNoticeKind.Resumed => LogLevel.Information,
            _ => LogLevel.Warning,
        };
        Log.Noticed(_logger, level, notice.Kind, notice.LogId, notice.Message);
        Alarms.Notice(notice);
    }

    /// <summary>A journal that refuses is not to end shipping, which may be what gets it out of its trouble.</summary>
    private void Record(ShippingAlarm alarm)
    {
        var level = alarm.Severity is ShippingSeverity.Low ? LogLevel.Information : LogLevel.Error;
        Log.Raised(_logger, level, alarm.Action, alarm.Message);
        try
        {
            _audit.Value.Record(new SecurityEvent(alarm.Action, ["configuration"], ["info"])
            {
                Severity = SeverityOf(alarm.Severity),
                Outcome = alarm.Severity == ShippingSeverity.Low ? EventOutcome.Success : EventOutcome.Failure,
                Reason = alarm.Message.Length <= 500 ? alarm.Message : alarm.Message[..500] + "…",
            });
        }
        catch (IOException refusal)
        {
            Log.NotRecorded(_logger, refusal, alarm.Action);
        }
    }

    private static EventSeverity SeverityOf(ShippingSeverity severity) => severity switch
    {
        ShippingSeverity.Low => EventSeverity.Low,
        ShippingSeverity.Medium => EventSeverity.Medium,
        ShippingSeverity.High => EventSeverity.High,
        _ => EventSeverity.Critical,
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Message = "Shipping {Kind} for log {LogId}: {Message}")]
        public static partial void Noticed(ILogger logger, LogLevel level, ShippingNoticeKind kind, string logId, string message);

        [LoggerMessage(EventId = 2, Message = "{Action}: {Message}")]
        public static partial void Raised(ILogger logger, LogLevel level, string action, string message);

        [LoggerMessage(4, LogLevel.Error, "The event {Action} could not be recorded; shipping goes on.")]
        public static partial void NotRecorded(ILogger logger, Exception refusal, string action);
    }
}
