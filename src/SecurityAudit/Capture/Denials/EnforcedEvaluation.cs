using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.AspNetCore.Mvc.Filters;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Denials;

/// <summary>Notes the evaluation by which the framework denies: the reason of a denial that is not the application's own.</summary>
internal static class EnforcedEvaluation
{
    /// <summary>The same evaluation, looked at when it is done.</summary>
    public static Task<PolicyAuthorizationResult> Seen(
        Task<PolicyAuthorizationResult> evaluation, AuthorizationPolicy policy, HttpContext context, object? resource)
    {
        if (!evaluation.IsCompletedSuccessfully)
        {
            return SeenLater(evaluation, policy, context, resource);
        }

        Note(evaluation.Result, policy, context, resource);
        return evaluation;
    }

    private static async Task<PolicyAuthorizationResult> SeenLater(
        Task<PolicyAuthorizationResult> evaluation, AuthorizationPolicy policy, HttpContext context, object? resource)
    {
        var result = await evaluation;
        Note(result, policy, context, resource);
        return result;
    }

    private static void Note(PolicyAuthorizationResult result, AuthorizationPolicy policy, HttpContext context, object? resource)
    {
        try
        {
            if (!result.Succeeded)
            {
                RequestEvidence.Of<DenialEvidence>(context).Enforce(
                    new FailedEvaluation(NameOf(context, resource), resource, policy.Requirements, result.AuthorizationFailure));
            }
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            HookFailures.Failed(context, DenialsHook.Denials, failure);
        }
    }

    /// <summary>The policies that the endpoint names, or MVC's filters, where it is they who ask.</summary>
    private static string? NameOf(HttpContext context, object? resource)
    {
        var demands = resource is AuthorizationFilterContext filtered
            ? filtered.ActionDescriptor.FilterDescriptors.Select(found => found.Filter).OfType<AuthorizeFilter>().SelectMany(filter => filter.AuthorizeData ?? [])
            : context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>() ?? [];
        return Denial.PoliciesOf(demands);
    }
}
