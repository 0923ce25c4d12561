using Microsoft.AspNetCore.Authorization;

namespace SecurityAudit.Capture.Denials;

/// <summary>What was seen of the denial of one request.</summary>
internal sealed class DenialEvidence
{
    /// <summary>The evaluation that failed last; a denial only once it is enforced.</summary>
    public FailedEvaluation? Failed { get; set; }
}

/// <summary>One authorization evaluation that did not succeed.</summary>
/// <param name="Policy">The policy's name, where it was asked for by name.</param>
/// <param name="Failure">What was not met.</param>
internal sealed record FailedEvaluation(string? Policy, AuthorizationFailure? Failure);
