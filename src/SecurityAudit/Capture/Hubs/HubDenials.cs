using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Hubs;

/// <summary>
/// SignalR evaluates the policies of a hub's method before any filter runs, about the call itself, and enforces what comes out. Within the
/// filters it is the application that asks.
/// </summary>
internal sealed class HubDenials(SecurityRecorder recorder, CurrentRequest requests) : IEvaluationObserver
{
    public bool Failed(FailedEvaluation evaluation, ClaimsPrincipal user, IServiceProvider scope)
    {
        if (LiveCall.Current is not null || evaluation is not { Resource: HubInvocationContext invocation })
        {
            return false;
        }

        var called = HubCall.Of(invocation);
        using var request = requests.EnterCall(called.Request);
        var reason = evaluation.Failure is { } failure ? Denial.ReasonOf(failure) : "a policy of the method was not met";
        recorder.Record(called.Describe(SecurityEvents.AuthzFail(evaluation.Policy ?? PoliciesOf(invocation), reason)));
        return true;
    }

    /// <summary>The policies that the method names.</summary>
    private static string? PoliciesOf(HubInvocationContext invocation) =>
        Denial.PoliciesOf(invocation.HubMethod.GetCustomAttributes(inherit: true).OfType<IAuthorizeData>());
}
