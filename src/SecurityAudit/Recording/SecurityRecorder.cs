using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
using SecurityAudit.Metrics;
using SecurityAudit.Opening;
using SecurityAudit.Redaction;
using SecurityAudit.Refusal;

namespace SecurityAudit.Recording;

/// <summary>The one write path: enrich, redact, journal, tell the observers.</summary>
/// <remarks>
/// Under <see cref="JournalFailureMode.Continue"/> nothing thrown on the way leaves; under Refuse only
/// <see cref="JournalUnavailableException"/> does.
/// </remarks>
internal sealed partial class SecurityRecorder(
    NamedValues named,
    EventEnricher enricher,
    EventRedactor redactor,
    AuditLogger auditLogger,
    AuditJournal journal,
    IEventObserver observer,
    AuditMetrics metrics,
    JournalGate gate,
    ILogger<SecurityRecorder> logger)
{
    private readonly ObjectPool<EventDraft> _drafts = new DefaultObjectPoolProvider().Create<EventDraft>();

    public void Record(SecurityEvent securityEvent)
    {
        try
        {
            if (Write(securityEvent))
            {
                gate.Recorded();
            }
        }
        catch (Exception failure) when (!gate.Refuses)
        {
            Lost(securityEvent, failure);
        }
        catch (Exception failure)
        {
            Lost(securityEvent, failure);
            throw gate.Refusal(Refusal(securityEvent, failure));
        }
    }

    public ValueTask RecordAsync(SecurityEvent securityEvent, CancellationToken cancellationToken)
    {
        Record(securityEvent);
        return DurableAsync(securityEvent, cancellationToken);
    }

    /// <summary>Completes when an event that was recorded is on disk, or after the journal's bounded wait.</summary>
    public async ValueTask DurableAsync(SecurityEvent securityEvent, CancellationToken cancellationToken)
    {
        try
        {
            // Refuse promises the disk or an exception; how long that may take is bounded anyway.
            await journal.FlushAsync(gate.Refuses ? CancellationToken.None : cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever waited has gone. The event is in the journal's hands all the same.
        }
        catch (Exception failure) when (!gate.Refuses)
        {
            Lost(securityEvent, failure);
        }
        catch (JournalUnavailableException refusal)
        {
            throw gate.Refusal(refusal);
        }
    }

    /// <summary>
    /// For what happens whether it is recorded or not: never throws, refuses nothing, holds no answer up. A loss is counted as any other.
    /// </summary>
    /// <returns>False when it was not taken.</returns>
    public bool TryRecord(SecurityEvent securityEvent)
    {
        try
        {
            return Write(securityEvent);
        }
        catch (Exception failure)
        {
            Lost(securityEvent, failure);
            return false;
        }
    }

    /// <summary>False when the journal dropped it, which it counts.</summary>
    private bool Write(SecurityEvent securityEvent)
    {
        if (journal.Misses())
        {
            metrics.Dropped();
            return false;
        }

        var finished = Finish(securityEvent);
        if (!auditLogger.Write(finished))
        {
            return false; // an alert never speaks of an event that is not on record
        }

        observer.Observe(finished);
        return true;
    }

    /// <summary>The event as it is recorded.</summary>
    internal SecurityEvent Finish(SecurityEvent given)
    {
        var draft = _drafts.Get();
        draft.Begin(given);
        named.Take(draft);
        enricher.Enrich(draft);
        var finished = redactor.Redact(draft);
        _drafts.Return(draft);
        return finished;
    }

    private void Lost(SecurityEvent securityEvent, Exception failure)
    {
        metrics.Failed("record");
        if (gate.Refuses)
        {
            // What was given here has happened, or may have: the gap says that it is missing.
            journal.Writer?.CountLost();
        }

        try
        {
            Log.NotRecorded(logger, failure, securityEvent.Action);
        }
        catch (Exception)
        {
            metrics.Failed("log"); // a provider of the application's log that throws keeps nobody from anything
        }
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
