using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using SecurityAudit.Enrichment;
using SecurityAudit.Journal;

namespace SecurityAudit.Capture.Denials;

/// <summary>
/// Where it is noted how an evaluation ended: with the hook that knows what it means, the call within a connection, or the request.
/// </summary>
internal sealed class Evaluations(CurrentRequest requests, IEnumerable<IEvaluationObserver> observers, HookFailures failures)
{
    private readonly IEvaluationObserver[] _observers = [.. observers];

    /// <summary>An evaluation has ended. What fails in noting it is told to nobody who asked.</summary>
    /// <exception cref="JournalUnavailableException">The owner chose Refuse, and a denial could not be recorded.</exception>
    public void Ended(
        AuthorizationResult result, string? policy, object? resource, IEnumerable<IAuthorizationRequirement>? requirements, ClaimsPrincipal user,
        IServiceProvider scope)
    {
        try
        {
            if (result.Succeeded)
            {
                Succeeded(resource);
            }
            else
            {
                Failed(new FailedEvaluation(policy, resource, requirements, result.Failure), user, scope);
            }
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }
    }

    private void Succeeded(object? resource)
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

    private void Failed(FailedEvaluation evaluation, ClaimsPrincipal user, IServiceProvider scope)
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
            catch (Exception failure) when (HookFailures.Catches(failure))
            {
                failures.Failed(observer, failure);
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
}
