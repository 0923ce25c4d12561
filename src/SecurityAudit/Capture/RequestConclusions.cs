using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SecurityAudit.Enrichment;
using SecurityAudit.Hosting;
using SecurityAudit.Journal;

namespace SecurityAudit.Capture;

/// <summary>Lets each hook conclude a request. One that fails, or whose event is refused, keeps none of the others from it.</summary>
internal sealed partial class RequestConclusions(
    IEnumerable<IRequestConclusion> conclusions, CurrentRequest requests, HookFailures failures, ILogger<RequestConclusions> logger)
{
    private readonly IRequestConclusion[] _conclusions = [.. conclusions];

    /// <summary>The request has its answer.</summary>
    /// <exception cref="JournalUnavailableException">The owner chose Refuse, and something of it could not be recorded.</exception>
    public void Conclude(HttpContext context)
    {
        using var current = requests.Enter(context);
        JournalUnavailableException? refusal = null;
        foreach (var conclusion in _conclusions)
        {
            try
            {
                conclusion.Conclude(context);
            }
            catch (JournalUnavailableException refused)
            {
                refusal ??= refused;
            }
            catch (Exception failure)
            {
                Failed(conclusion, failure);
            }
        }

        if (refusal is not null)
        {
            throw new JournalUnavailableException(refusal.Message, refusal);
        }
    }

    /// <summary>Nobody handled this exception. Always false: it goes on as if nobody had looked.</summary>
    public bool Threw(HttpContext context, Exception exception)
    {
        // A refusal is no fault of the application.
        if (exception is JournalUnavailableException)
        {
            return false;
        }

        foreach (var conclusion in _conclusions)
        {
            try
            {
                conclusion.Threw(context, exception);
            }
            catch (Exception failure)
            {
                Failed(conclusion, failure);
            }
        }

        return false;
    }

    private void Failed(IRequestConclusion conclusion, Exception failure)
    {
        failures.Failed(CaptureHooks.NameOf(conclusion), failure);
        Log.Failed(logger, failure);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Capturing the end of a request failed.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
