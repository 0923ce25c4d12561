using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Enrichment;
using SecurityAudit.Journal;
using SecurityAudit.Metrics;
using SecurityAudit.Opening;

namespace SecurityAudit.Refusal;

/// <summary>
/// "May this happen now?" Asked before each thing that would be recorded, where the owner chose <see cref="JournalFailureMode.Refuse"/>:
/// while the journal is known to be down, the answer is an exception, and the request in which it was thrown is answered with 503, whoever
/// catches it.
/// </summary>
/// <remarks>
/// One volatile read while the journal is healthy, nothing at all under <see cref="JournalFailureMode.Continue"/>. Safe for any thread.
/// </remarks>
internal sealed partial class JournalGate(
    IServiceProvider services, CurrentRequest requests, IOptions<SecurityAuditOptions> options, AuditMetrics metrics, ILogger<JournalGate> logger)
{
    // Resolved late: a journal that cannot be opened must not break the construction of UserManager.
    private AuditJournal? _journal;
    private int _isOutageLogged;

    /// <summary>True when what cannot be recorded must not happen.</summary>
    public bool Refuses { get; } = options.Value.Journal.FailureMode == JournalFailureMode.Refuse;

    private AuditJournal Journal => _journal ??= services.GetRequiredService<AuditJournal>();

    /// <summary>Returns when it may happen.</summary>
    /// <exception cref="JournalUnavailableException">It could not be recorded now, so it must not happen.</exception>
    public void Demand()
    {
        if (!Refuses)
        {
            return;
        }

        if (!IsJournalAvailable(out var reason, out var cause))
        {
            throw Refusal(new JournalUnavailableException($"Refused, because the owner chose that nothing happens that cannot be recorded. {reason}", cause));
        }

        if (_isOutageLogged != 0)
        {
            _isOutageLogged = 0;
        }
    }

    /// <summary>An event of the current request is in the journal's memory: the answer waits until it is on disk.</summary>
    public void Recorded()
    {
        if (Refuses)
        {
            RecordedResponse.Of(requests.Context)?.Await();
        }
    }

    /// <summary>Answers the current request with 503, whatever the application makes of the exception, which is given back.</summary>
    public JournalUnavailableException Refusal(JournalUnavailableException refusal)
    {
        RecordedResponse.Of(requests.Context)?.Refuse(refusal);
        metrics.Refused();
        if (Interlocked.Exchange(ref _isOutageLogged, 1) == 0)
        {
            Log.Refusing(logger, refusal);
        }

        return refusal;
    }

    /// <summary>Completes when everything that was recorded until now is on disk.</summary>
    public ValueTask Durable() => Journal.FlushAsync(CancellationToken.None);

    private bool IsJournalAvailable(out string? reason, out Exception? cause)
    {
        (reason, cause) = (null, null);
        try
        {
            if (Journal.Writer is { IsAvailable: true })
            {
                return true;
            }

            reason = Journal.Health.Reason;
        }
        catch (JournalException failure)
        {
            // Accounts may be seeded before the host starts and says that its journal cannot be opened.
            (reason, cause) = (failure.Message, failure);
        }

        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Error,
            "The journal cannot be written: what would be recorded is refused until it can be. This is logged once an outage; the meter counts each refusal.")]
        public static partial void Refusing(ILogger logger, Exception refusal);
    }
}
