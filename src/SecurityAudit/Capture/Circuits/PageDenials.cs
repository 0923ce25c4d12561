using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Circuits;

/// <summary>
/// A page that the router shows only to whom its attributes admit. The view that decides it asks without saying what for: that it was this
/// page is inferred from what the page demands. What an <c>AuthorizeView</c> asks decides what is shown, and denies nothing.
/// </summary>
internal sealed class PageDenials(SecurityRecorder recorder, CurrentRequest requests, HookFailures failures)
    : IEvaluationObserver
{
    public bool Failed(FailedEvaluation evaluation, ClaimsPrincipal user, IServiceProvider scope)
    {
        if (StateOf(scope) is not { } state)
        {
            return false;
        }

        foreach (var route in state.GuardedPages)
        {
            _ = LookAsync(evaluation, user, scope, state, route);
        }

        return state.Id is not null;
    }

    private static CircuitState? StateOf(IServiceProvider scope)
    {
        if (CircuitState.Current is not null || LiveCall.Current is not null)
        {
            return CircuitState.Current;
        }

        try
        {
            return scope.GetService<CircuitState>();
        }
        catch (InvalidOperationException)
        {
            return null; // no scope, or none any longer: that is no circuit's
        }
    }

    private async Task LookAsync(FailedEvaluation evaluation, ClaimsPrincipal user, IServiceProvider scope, CircuitState state, RouteData route)
    {
        try
        {
            var demands = route.PageType.GetCustomAttributes(inherit: true);
            if (demands.OfType<IAllowAnonymous>().Any() || demands.OfType<IAuthorizeData>().ToArray() is not { Length: > 0 } authorize)
            {
                return;
            }

            var isSaid = ReferenceEquals(evaluation.Resource, route);
            if (isSaid || await Demands.AreAsync(evaluation, authorize, scope))
            {
                Record(evaluation, user, scope, state, route, authorize, isSaid);
            }
        }
        catch (Exception failure)
        {
            failures.Failed(this, failure);
        }
    }

    private void Record(
        FailedEvaluation evaluation, ClaimsPrincipal user, IServiceProvider scope, CircuitState state, RouteData route, IAuthorizeData[] authorize, bool isSaid)
    {
        if (!state.IsFirstDenial(route.PageType, scope.GetService<NavigationManager>()?.Uri))
        {
            return;
        }

        if (state.Id is null && requests.Context is { } request)
        {
            // Rendered within a request; what answers it is a page of 200.
            RequestEvidence.Of<AnswerEvidence>(request).IsDenied = true;
        }

        var reason = evaluation.Failure is { } failure ? Denial.ReasonOf(failure) : "a demand of the page was not met";
        var denied = SecurityEvents.AuthzFail(Denial.PoliciesOf(authorize), isSaid ? reason : $"inferred from what the page demands: {reason}")
            with { User = AuditUser.From(user) };
        recorder.TryRecord(state.Describe(
            (denied.User is null ? denied with { Severity = EventSeverity.Low, OwaspLevel = null } : denied).With(EventFields.Page, route.PageType.FullName)));
    }
}
