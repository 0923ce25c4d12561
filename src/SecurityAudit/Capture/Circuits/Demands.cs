using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture.Denials;

namespace SecurityAudit.Capture.Circuits;

/// <summary>What the attributes of a page demand.</summary>
internal static class Demands
{
    /// <summary>True when what was evaluated is what they demand, nothing more and nothing less.</summary>
    public static async Task<bool> AreAsync(FailedEvaluation evaluation, IAuthorizeData[] authorize, IServiceProvider scope)
    {
        if (evaluation.Requirements is not { } evaluated)
        {
            return false; // the router's view asks for requirements; by name it is code that asks
        }

        var policy = await AuthorizationPolicy.CombineAsync(scope.GetRequiredService<IAuthorizationPolicyProvider>(), authorize);
        return policy is not null && policy.Requirements.SequenceEqual(evaluated, SameDemand.Instance);
    }

    /// <summary>Roles come as a new requirement each time; what it demands is in its text, as with all of the framework's.</summary>
    private sealed class SameDemand : IEqualityComparer<IAuthorizationRequirement>
    {
        public static SameDemand Instance { get; } = new();

        public bool Equals(IAuthorizationRequirement? x, IAuthorizationRequirement? y) =>
            ReferenceEquals(x, y) || (x is not null && y is not null && x.GetType() == y.GetType() && string.Equals(x.ToString(), y.ToString(), StringComparison.Ordinal));

        public int GetHashCode(IAuthorizationRequirement obj) => obj.GetType().GetHashCode();
    }
}
