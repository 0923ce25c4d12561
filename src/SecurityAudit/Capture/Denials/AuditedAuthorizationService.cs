using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace SecurityAudit.Capture.Denials;

/// <summary>Notes which evaluation failed and why. A failed evaluation alone is no denial: menus are trimmed that way.</summary>
internal sealed class AuditedAuthorizationService(IAuthorizationService inner, IServiceProvider scope, Evaluations evaluations) : IAuthorizationService
{
    public Task<AuthorizationResult> AuthorizeAsync(ClaimsPrincipal user, object? resource, IEnumerable<IAuthorizationRequirement> requirements) =>
        Note(inner.AuthorizeAsync(user, resource, requirements), user, policy: null, resource, requirements);

    public Task<AuthorizationResult> AuthorizeAsync(ClaimsPrincipal user, object? resource, string policyName) =>
        Note(inner.AuthorizeAsync(user, resource, policyName), user, policyName, resource, requirements: null);

    private Task<AuthorizationResult> Note(
        Task<AuthorizationResult> evaluation, ClaimsPrincipal user, string? policy, object? resource, IEnumerable<IAuthorizationRequirement>? requirements)
    {
        if (!evaluation.IsCompletedSuccessfully)
        {
            return Awaited(evaluation, user, policy, resource, requirements);
        }

        Note(evaluation.Result, user, policy, resource, requirements);
        return evaluation;
    }

    private async Task<AuthorizationResult> Awaited(
        Task<AuthorizationResult> evaluation, ClaimsPrincipal user, string? policy, object? resource, IEnumerable<IAuthorizationRequirement>? requirements)
    {
        var result = await evaluation;
        Note(result, user, policy, resource, requirements);
        return result;
    }

    private void Note(
        AuthorizationResult result, ClaimsPrincipal user, string? policy, object? resource, IEnumerable<IAuthorizationRequirement>? requirements)
    {
        if (result.Succeeded)
        {
            evaluations.Succeeded(resource);
        }
        else
        {
            evaluations.Failed(new FailedEvaluation(policy, resource, requirements, result.Failure), user, scope);
        }
    }
}
