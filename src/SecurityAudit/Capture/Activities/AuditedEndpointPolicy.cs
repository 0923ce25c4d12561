using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using SecurityAudit.Enrichment;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Activities;

/// <summary>
/// Asks the gate before an endpoint with an <see cref="AuditAttribute"/> is even chosen, whatever kind of endpoint it is, and remembers it:
/// pages that are shown for an answer's status take its place and do not give it back.
/// </summary>
internal sealed class AuditedEndpointPolicy(JournalGate gate, HookFailures failures) : MatcherPolicy, IEndpointSelectorPolicy
{
    /// <summary>Last: behind the policies that rule endpoints out or put others in their place.</summary>
    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        ContainsDynamicEndpoints(endpoints) || endpoints.Any(IsAudited);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        try
        {
            Look(httpContext, candidates);
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }

        return Task.CompletedTask;
    }

    private void Look(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i))
            {
                // The candidates stand in the order in which they are preferred.
                if (IsAudited(candidates[i].Endpoint))
                {
                    gate.Demand();
                    RequestEvidence.Of<ActivityEvidence>(httpContext).Choose(candidates[i].Endpoint, candidates[i].Values);
                }

                break;
            }
        }
    }

    private static bool IsAudited(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<AuditAttribute>() is not null;
}
