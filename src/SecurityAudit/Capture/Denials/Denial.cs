using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Fields;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Denials;

/// <summary>Turns an enforced denial into its event: the policy that denied, the requirement that was not met.</summary>
internal static class Denial
{
    /// <summary>Once per request, though each scheme of the policy is challenged and the status shows it again.</summary>
    public static void Record(HttpContext request, SecurityRecorder recorder)
    {
        var answer = RequestEvidence.Of<AnswerEvidence>(request);
        if (answer is { IsDenied: false, IsSignInRefused: false })
        {
            answer.IsDenied = true;
            recorder.Record(Event(request, RequestEvidence.Existing<DenialEvidence>(request)?.Failed, request.Response.StatusCode));
        }
    }

    private static SecurityEvent Event(HttpContext request, FailedEvaluation? failed, int status)
    {
        var policy = failed?.Policy ?? PolicyOf(request.GetEndpoint());
        var denied = SecurityEvents.AuthzFail(policy, ReasonOf(failed, status)).With(EventFields.StatusCode, status);
        // An anonymous first request that is sent to the login page is no attack.
        return request.User.Identity?.IsAuthenticated == true ? denied : denied with { Severity = EventSeverity.Low };
    }

    private static string? PolicyOf(Endpoint? endpoint)
    {
        var demands = endpoint?.Metadata.GetOrderedMetadata<IAuthorizeData>() ?? [];
        if (demands.Count == 1)
        {
            return demands[0].Policy is { Length: > 0 } single ? single : null;
        }

        var names = demands.Select(demand => demand.Policy).Where(name => !string.IsNullOrEmpty(name)).Distinct(StringComparer.Ordinal).ToArray();
        return names.Length == 0 ? null : string.Join(", ", names);
    }

    private static string ReasonOf(FailedEvaluation? failed, int status)
    {
        if (failed?.Failure is not { } failure)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the application answered {status}");
        }

        if (!failure.FailureReasons.Any() && failure.FailedRequirements is IReadOnlyCollection<IAuthorizationRequirement> { Count: 1 } requirements)
        {
            return Words(requirements.First());
        }

        var reasons = failure.FailureReasons.Select(reason => reason.Message)
            .Concat(failure.FailedRequirements.Select(Words))
            .Where(reason => !string.IsNullOrEmpty(reason))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        return reasons.Length == 0 ? "a requirement failed explicitly" : string.Join("; ", reasons);
    }

    private static string Words(IAuthorizationRequirement requirement) => requirement switch
    {
        DenyAnonymousAuthorizationRequirement => "not signed in",
        RolesAuthorizationRequirement roles => $"needs the role {string.Join(" or ", roles.AllowedRoles)}",
        ClaimsAuthorizationRequirement { AllowedValues: { } values } claim when values.Any() => $"needs the claim {claim.ClaimType} with one of {values.Count()} values",
        ClaimsAuthorizationRequirement claim => $"needs the claim {claim.ClaimType}",
        NameAuthorizationRequirement name => $"needs the user {name.RequiredName}",
        OperationAuthorizationRequirement operation => $"needs the permission {operation.Name}",
        AssertionRequirement => "an assertion of the policy failed",
        _ => requirement.GetType().Name,
    };
}
