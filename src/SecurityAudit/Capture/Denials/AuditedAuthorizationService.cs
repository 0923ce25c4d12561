using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Denials;

/// <summary>Notes which evaluation failed and why. A failed evaluation alone is no denial: menus are trimmed that way.</summary>
internal sealed class AuditedAuthorizationService(IAuthorizationService inner, CurrentRequest requests) : IAuthorizationService
{
    public Task<AuthorizationResult> AuthorizeAsync(ClaimsPrincipal user, object? resource, IEnumerable<IAuthorizationRequirement> requirements) =>
        Note(inner.AuthorizeAsync(user, resource, requirements), policy: null, resource, requirements);

    public Task<AuthorizationResult> AuthorizeAsync(ClaimsPrincipal user, object? resource, string policyName) =>
        Note(inner.AuthorizeAsync(user, resource, policyName), policyName, resource, requirements: null);

    private Task<AuthorizationResult> Note(
        Task<AuthorizationResult> evaluation, string? policy, object? resource, IEnumerable<IAuthorizationRequirement>? requirements)
    {
        if (!evaluation.IsCompletedSuccessfully)
        {
            return Awaited(evaluation, policy, resource, requirements);
        }

        Note(evaluation.Result, policy, resource, requirements);
        return evaluation;
    }

    private async Task<AuthorizationResult> Awaited(
        Task<AuthorizationResult> evaluation, string? policy, object? resource, IEnumerable<IAuthorizationRequirement>? requirements)
    {
        var result = await evaluation;
        Note(result, policy, resource, requirements);
        return result;
    }

    private void Note(AuthorizationResult result, string? policy, object? resource, IEnumerable<IAuthorizationRequirement>? requirements)
    {
        if (requests.Context is not { } request)
        {
            return;
        }

        if (!result.Succeeded)
        {
            RequestEvidence.Of<DenialEvidence>(request).Fail(new FailedEvaluation(policy, resource, requirements, result.Failure));
        }
        else
        {
            RequestEvidence.Existing<DenialEvidence>(request)?.Succeed();
        }
    }
}
