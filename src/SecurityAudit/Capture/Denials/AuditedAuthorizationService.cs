using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Denials;

/// <summary>Notes which evaluation failed and why. A failed evaluation alone is no denial: menus are trimmed that way.</summary>
internal sealed class AuditedAuthorizationService(IAuthorizationService inner, CurrentRequest requests) : IAuthorizationService
{
    public Task<AuthorizationResult> AuthorizeAsync(ClaimsPrincipal user, object? resource, IEnumerable<IAuthorizationRequirement> requirements) =>
        Note(inner.AuthorizeAsync(user, resource, requirements), policy: null);

    public Task<AuthorizationResult> AuthorizeAsync(ClaimsPrincipal user, object? resource, string policyName) =>
        Note(inner.AuthorizeAsync(user, resource, policyName), policyName);

    private Task<AuthorizationResult> Note(Task<AuthorizationResult> evaluation, string? policy)
    {
        if (!evaluation.IsCompletedSuccessfully)
        {
            return Awaited(evaluation, policy);
        }

        Note(evaluation.Result, policy);
        return evaluation;
    }

    private async Task<AuthorizationResult> Awaited(Task<AuthorizationResult> evaluation, string? policy)
    {
        var result = await evaluation;
        Note(result, policy);
        return result;
    }

    private void Note(AuthorizationResult result, string? policy)
    {
        if (!result.Succeeded && requests.Context is { } request)
        {
            RequestEvidence.Of<DenialEvidence>(request).Failed = new FailedEvaluation(policy, result.Failure);
        }
    }
}
