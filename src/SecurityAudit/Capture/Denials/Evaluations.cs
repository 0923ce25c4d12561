using System.Security.Claims;
using Microsoft.Extensions.Logging;
using SecurityAudit.Enrichment;
using SecurityAudit.Journal;
using SecurityAudit.Metrics;

namespace SecurityAudit.Capture.Denials;

/// <summary>
/// Where it is noted how an evaluation ended: with the hook that knows what it means, the call within a connection, or the request.
/// </summary>
internal sealed partial class Evaluations(
    CurrentRequest requests, IEnumerable<IEvaluationObserver> observers, AuditMetrics metrics, ILogger<Evaluations> logger)
{
    private readonly IEvaluationObserver[] _observers = [.. observers];

    public void Succeeded(object? resource)
    {
        if (LiveCall.Current is { } call)
        {
            call.Denials.Succeed(resource);
        }
        else if (requests.Context is { } request)
        {
            RequestEvidence.Existing<DenialEvidence>(request)?.Succeed(resource);
        }
    }

    /// <exception cref="JournalUnavailableException">The owner chose Refuse, and a denial could not be recorded.</exception>
    public void Failed(FailedEvaluation evaluation, ClaimsPrincipal user, IServiceProvider scope)
    {
        foreach (var observer in _observers)
        {
            try
            {
                if (observer.Failed(evaluation, user, scope))
                {
                    return;
                }
            }
            catch (Exception failure) when (failure is not JournalUnavailableException)
            {
                metrics.Failed("capture");
                Log.Failed(logger, failure);
            }
        }

        if (LiveCall.Current is { } call)
        {
            call.Denials.Fail(evaluation);
        }
        else if (requests.Context is { } request)
        {
            RequestEvidence.Of<DenialEvidence>(request).Fail(evaluation);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Whether a failed authorization evaluation is enforced could not be found out; the application went on.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
