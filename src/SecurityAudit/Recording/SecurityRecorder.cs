using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Enrichment;
using SecurityAudit.Journal;
using SecurityAudit.Redaction;

namespace SecurityAudit.Recording;

/// <summary>The one write path: enrich, redact, journal, tell the observers.</summary>
/// <remarks>Under <see cref="JournalFailureMode.Continue"/> nothing thrown on the way leaves; under Refuse only <see cref="JournalUnavailableException"/> does.</remarks>
internal sealed partial class SecurityRecorder(
    EventEnricher enricher,
    EventRedactor redactor,
    AuditLogger auditLogger,
    AuditJournal journal,
    IEnumerable<IEventObserver> observers,
    AuditMetrics metrics,
    IOptions<SecurityAuditOptions> options,
    ILogger<SecurityRecorder> logger) : ISecurityAudit
{
    private readonly IEventObserver[] _observers = [.. observers];
    private readonly bool _refuses = options.Value.Journal.FailureMode == JournalFailureMode.Refuse;

    /// <summary>True when what cannot be recorded must not happen.</summary>
    public bool Refuses => _refuses;

    public void Record(SecurityEvent securityEvent)
    {
        ArgumentNullException.ThrowIfNull(securityEvent);
        if (journal.Misses())
        {
            metrics.Dropped();
            return;
        }

        try
        {
            var finished = redactor.Redact(enricher.Enrich(securityEvent));
            if (!auditLogger.Write(EventLog.From(finished)))
            {
                return; // an alert never speaks of an event that is not on record
            }

            foreach (var observer in _observers)
            {
                observer.Observe(finished);
            }
        }
        catch (Exception failure) when (!_refuses)
        {
            Lost(securityEvent, failure);
        }
        catch (Exception failure)
        {
            Lost(securityEvent, failure);
            throw Refusal(securityEvent, failure);
        }
    }

    public async ValueTask RecordAsync(SecurityEvent securityEvent, CancellationToken cancellationToken = default)
    {
        Record(securityEvent);
        try
        {
            // Refuse promises the disk or an exception; how long that may take is bounded anyway.
            await journal.FlushAsync(_refuses ? CancellationToken.None : cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever waited has gone. The event is in the journal's hands all the same.
        }
        catch (Exception failure) when (!_refuses)
        {
            Lost(securityEvent, failure);
        }
    }

    private void Lost(SecurityEvent securityEvent, Exception failure)
    {
        metrics.Failed("record");
        Log.NotRecorded(logger, failure, securityEvent.Action);
    }

    private static JournalUnavailableException Refusal(SecurityEvent securityEvent, Exception failure)
    {
        var cause = failure is AggregateException { InnerException: { } inner } ? inner : failure;
        return cause as JournalUnavailableException
            ?? new JournalUnavailableException($"The event '{securityEvent.Action}' could not be recorded: {cause.Message}", cause);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The security event '{Action}' could not be recorded.")]
        public static partial void NotRecorded(ILogger logger, Exception failure, string action);
    }
}
