using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Elasticsearch.Shipping;

namespace SecurityAudit.Elasticsearch.Hosting;

/// <summary>Turns what shipping notices into log messages and, where an auditor should know, into events of the journal.</summary>
internal sealed partial class ShippingAlarms(Lazy<ISecurityAudit> audit, IOptions<ElasticsearchOptions> options, TimeProvider time, ILogger<ShippingAlarms> logger)
{
    /// <summary>An event about a refused event could be refused too: the chain must not grow by itself.</summary>
    private static readonly TimeSpan SameAgainAfter = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ShippingNoticeKind, DateTimeOffset> _recorded = new();
    private DateTimeOffset? _standingSince;
    private bool _stalled;

    /// <summary>Is shipping standing still for longer than allowed?</summary>
    public bool IsStalled => Volatile.Read(ref _stalled);

    public void Notice(ShippingNotice notice)
    {
        var level = notice.Kind switch
        {
            ShippingNoticeKind.Fork => LogLevel.Critical,
            ShippingNoticeKind.Paused or ShippingNoticeKind.Skipped or ShippingNoticeKind.DeadLetter or ShippingNoticeKind.Redirected => LogLevel.Error,
            ShippingNoticeKind.Resumed => LogLevel.Information,
            _ => LogLevel.Warning,
        };
        Log.Noticed(logger, level, notice.Kind, notice.JournalId, notice.Message);
        var name = notice.Kind switch
        {
            ShippingNoticeKind.DeadLetter or ShippingNoticeKind.Redirected => "audit_shipping_refused",
            ShippingNoticeKind.Doubtful => "audit_shipping_doubtful",
            ShippingNoticeKind.Skipped => "audit_shipping_gap",
            ShippingNoticeKind.Fork => "audit_tampered",
            _ => null,
        };
        var now = time.GetUtcNow();
        if (name is null || (_recorded.TryGetValue(notice.Kind, out var last) && now - last < SameAgainAfter))
            return;
        _recorded[notice.Kind] = now;
        var severity = notice.Kind switch
        {
            ShippingNoticeKind.Fork => EventSeverity.Critical,
            ShippingNoticeKind.Skipped => EventSeverity.High,
            _ => EventSeverity.Medium,
        };
        Record(name, severity, notice.Message);
    }

    /// <summary>Looks whether a log gets on.</summary>
    public void Watch(ShippingRecord record, ShippingProgress progress, string journalId)
    {
        if (progress.Oldest is null || time.GetUtcNow() - progress.At < options.Value.StalledAfter)
            Resumed(journalId);
        else
            Stalled(journalId, progress.At, record.LastAnswer ?? "no answer yet");
    }

    /// <summary>There is not even an engine to speak of.</summary>
    public void Standing(string journalId, string problem)
    {
        _standingSince ??= time.GetUtcNow();
        if (time.GetUtcNow() - _standingSince >= options.Value.StalledAfter)
            Stalled(journalId, _standingSince.Value, problem);
    }

    private void Stalled(string journalId, DateTimeOffset since, string problem)
    {
        if (_stalled)
            return;
        Volatile.Write(ref _stalled, true);
        Log.Stalled(logger, journalId, since, problem);
        Record("audit_shipping_stalled", EventSeverity.High, string.Create(CultureInfo.InvariantCulture, $"No event has reached Elasticsearch since {since:u}: {problem}"));
    }

    private void Resumed(string journalId)
    {
        _standingSince = null;
        if (!_stalled)
            return;
        Volatile.Write(ref _stalled, false);
        Log.Resumed(logger, journalId);
        Record("audit_shipping_resumed", EventSeverity.Low, "Events reach Elasticsearch again.");
    }

    /// <summary>A journal that refuses is not to end shipping, which may be what gets it out of its trouble.</summary>
    private void Record(string action, EventSeverity severity, string message)
    {
        try
        {
            audit.Value.Record(new SecurityEvent(action, ["configuration"], ["info"])
            {
                Severity = severity,
                Outcome = severity == EventSeverity.Low ? EventOutcome.Success : EventOutcome.Failure,
                Reason = message.Length <= 500 ? message : message[..500] + "…",
            });
        }
        catch (IOException refusal)
        {
            Log.NotRecorded(logger, refusal, action);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Message = "Shipping {Kind} for log {JournalId}: {Message}")]
        public static partial void Noticed(ILogger logger, LogLevel level, ShippingNoticeKind kind, string journalId, string message);

        [LoggerMessage(2, LogLevel.Error, "Shipping of log {JournalId} has stood still since {Since}: {Problem}")]
        public static partial void Stalled(ILogger logger, string journalId, DateTimeOffset since, string problem);

        [LoggerMessage(3, LogLevel.Information, "Shipping of log {JournalId} goes on.")]
        public static partial void Resumed(ILogger logger, string journalId);

        [LoggerMessage(4, LogLevel.Error, "The event {Action} could not be recorded; shipping goes on.")]
        public static partial void NotRecorded(ILogger logger, Exception refusal, string action);
    }
}
