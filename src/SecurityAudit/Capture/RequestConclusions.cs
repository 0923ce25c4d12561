using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;
using SecurityAudit.Journal;

namespace SecurityAudit.Capture;

/// <summary>Lets each hook conclude a request. One that fails, or whose event is refused, keeps none of the others from it.</summary>
internal sealed class RequestConclusions(IEnumerable<IRequestConclusion> conclusions, CurrentRequest requests, HookFailures failures)
{
    private readonly IRequestConclusion[] _conclusions = [.. conclusions];

    /// <summary>The request has its answer.</summary>
    /// <exception cref="JournalUnavailableException">The owner chose Refuse, and something of it could not be recorded.</exception>
    public void Conclude(HttpContext context)
    {
        using var current = Enter(context);
        var request = new RequestEnd(context);
        JournalUnavailableException? refusal = null;
        foreach (var conclusion in _conclusions)
        {
            try
            {
                conclusion.Conclude(request);
            }
            catch (JournalUnavailableException refused)
            {
                refusal ??= refused;
            }
            catch (Exception failure)
            {
                failures.Failed(conclusion, failure);
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

        var request = new RequestEnd(context);
        foreach (var conclusion in _conclusions)
        {
            try
            {
                conclusion.Threw(request, exception);
            }
            catch (Exception failure)
            {
                failures.Failed(conclusion, failure);
            }
        }

        return false;
    }

    /// <summary>The request becomes the current one, where the application's accessor lets it.</summary>
    public CurrentRequest.Scope Enter(HttpContext context)
    {
        try
        {
            return requests.Enter(context);
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
            return default;
        }
    }
}
