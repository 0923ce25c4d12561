using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Denials;

/// <summary>What was seen of the authorization of one request. Made by the first evaluation that fails.</summary>
internal sealed class DenialEvidence : Evidence
{
    /// <summary>Of one resource; whoever asks more is answered by the first.</summary>
    private const int MostQuestions = 8;

    private FailedEvaluation? _last;
    private bool _isAmbiguous;
    private List<FailedEvaluation>? _ofResource;
    private bool _areSeveral;

    /// <summary>What the framework evaluated to enforce it, before the endpoint or its action ran.</summary>
    public FailedEvaluation? Enforced { get; private set; }

    /// <summary>The one evaluation that failed in code, if none followed: of several nobody can tell which of them decided.</summary>
    public FailedEvaluation? Asked => _isAmbiguous ? null : _last;

    /// <summary>
    /// What code asked in vain about the one resource that it asked about, if it was not gone past. An answer that hides a denial is told
    /// from it: menus, about which nobody asks with a resource, make no difference, and a list of which some is left out is no denial.
    /// </summary>
    public IReadOnlyList<FailedEvaluation> OfResource => _areSeveral || _ofResource is null ? [] : _ofResource;

    /// <summary>An evaluation failed; whether it decides anything is still to be seen.</summary>
    public void Fail(FailedEvaluation failed)
    {
        _isAmbiguous |= _last is not null && !_last.IsSame(failed);
        _last = failed;
        if (IsOfApplication(failed.Resource))
        {
            _ofResource ??= [];
            _areSeveral |= _ofResource is [var first, ..] && !IsOne(first.Resource, failed.Resource);
            if (!_areSeveral && _ofResource.Count < MostQuestions)
            {
                _ofResource.Add(failed);
            }
        }
    }

    /// <summary>Another evaluation succeeded since: what failed before it, a menu, was gone past.</summary>
    public void Succeed(object? resource)
    {
        _isAmbiguous |= _last is not null;
        if (_ofResource is not [var first, ..] || !IsOfApplication(resource))
        {
            return;
        }

        if (IsOne(first.Resource, resource))
        {
            _ofResource.Clear(); // one policy or the other: this one let through
        }
        else
        {
            _areSeveral = true;
        }
    }

    /// <summary>What failed is enforced. The evaluator asks the authorization service, whose word has the requirements.</summary>
    public void Enforce(FailedEvaluation failed)
    {
        Enforced = _last is { } last && last.IsSame(failed) ? failed with { Failure = last.Failure } : failed;
        _isAmbiguous = true;
    }

    /// <summary>What the framework itself asks about is the request, and says nothing of a resource of the application's.</summary>
    private static bool IsOfApplication(object? resource) => resource is not (null or HttpContext or AuthorizationFilterContext);

    /// <summary>The same object, or the same key of one; further equality would be code of the application's.</summary>
    private static bool IsOne(object? resource, object? other) =>
        ReferenceEquals(resource, other) || (resource is string or int or long or Guid && resource.Equals(other));
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
