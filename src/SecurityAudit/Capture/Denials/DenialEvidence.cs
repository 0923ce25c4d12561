using Microsoft.AspNetCore.Authorization;

namespace SecurityAudit.Capture.Denials;

/// <summary>What was seen of the authorization of one request. Made by the first evaluation that fails.</summary>
internal sealed class DenialEvidence
{
    private FailedEvaluation? _last;
    private bool _isAmbiguous;

    /// <summary>What the framework evaluated to enforce it, before the endpoint or its action ran.</summary>
    public FailedEvaluation? Enforced { get; private set; }

    /// <summary>The one evaluation that failed in code, if none followed: of several nobody can tell which of them decided.</summary>
    public FailedEvaluation? Asked => _isAmbiguous ? null : _last;

    /// <summary>An evaluation failed; whether it decides anything is still to be seen.</summary>
    public void Fail(FailedEvaluation failed)
    {
        _isAmbiguous |= _last is not null && !_last.IsSame(failed);
        _last = failed;
    }

    /// <summary>Another evaluation succeeded since: what failed before it, a menu, was gone past.</summary>
    public void Succeed() => _isAmbiguous |= _last is not null;

    /// <summary>What failed is enforced. The evaluator asks the authorization service, whose word has the requirements.</summary>
    public void Enforce(FailedEvaluation failed)
    {
        Enforced = _last is { } last && last.IsSame(failed) ? failed with { Failure = last.Failure } : failed;
        _isAmbiguous = true;
    }
}

/// <summary>One authorization evaluation that did not succeed.</summary>
/// <param name="Policy">The policy's name, where it has one.</param>
/// <param name="Resource">What access was asked to.</param>
/// <param name="Requirements">What was demanded; null where it was asked for by name.</param>
/// <param name="Failure">What was not met, if that was said.</param>
internal sealed record FailedEvaluation(
    string? Policy, object? Resource, IEnumerable<IAuthorizationRequirement>? Requirements, AuthorizationFailure? Failure)
{
    /// <summary>The same question.</summary>
    public bool IsSame(FailedEvaluation other) =>
        ReferenceEquals(Resource, other.Resource)
        && (Requirements is null
            ? other.Requirements is null && string.Equals(Policy, other.Policy, StringComparison.Ordinal)
            : ReferenceEquals(Requirements, other.Requirements));
}
