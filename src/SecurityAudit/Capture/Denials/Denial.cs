using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.Sessions;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Denials;

/// <summary>How a denial was told.</summary>
internal enum DenialKind
{
    /// <summary>Somebody was asked to sign in.</summary>
    Challenge,

    /// <summary>Somebody was forbidden it.</summary>
    Forbid,

    /// <summary>The status of the answer alone tells it.</summary>
    Answer,

    /// <summary>
    /// The answer hides it behind another status, or a redirect; that it denies is inferred from the evaluation of a resource before it.
    /// </summary>
    Hidden,
}

/// <summary>Turns a denial into its event: the policy that denied and the requirement that was not met, where that was seen.</summary>
internal static class Denial
{
    /// <summary>Once per request, though each scheme of the policy is challenged and the status shows it again.</summary>
    public static void Record(HttpContext request, SecurityRecorder recorder, DenialKind kind)
    {
        var answer = RequestEvidence.Of<AnswerEvidence>(request);
        if (answer is { IsDenied: false, IsSignInRefused: false })
        {
            answer.IsDenied = true;
            if (!IsAsked(request, kind) || !IsRefusedCredential(request, recorder))
            {
                recorder.Record(Event(request, kind, request.Response.StatusCode));
            }
        }
    }

    /// <summary>
    /// Who sent a credential that was refused and is therefore asked to sign in: one decision, told by the event of the credential, with the
    /// policy that asked for one.
    /// </summary>
    private static bool IsRefusedCredential(HttpContext request, SecurityRecorder recorder)
    {
        if (RequestEvidence.Existing<SessionEvidence>(request) is not { } evidence)
        {
            return false;
        }

        foreach (var refused in evidence.TakeRefused(isTokenAccepted: false))
        {
            recorder.Record(refused
                .With(EventFields.StatusCode, request.Response.StatusCode)
                .With(EventFields.RuleName, DecidedBy(request, DenialKind.Challenge)?.Policy));
        }

        return evidence.IsRefusalRecorded;
    }

    private static bool IsAsked(HttpContext request, DenialKind kind) =>
        request.User.Identity?.IsAuthenticated != true
        && (kind is DenialKind.Challenge || request.Response.StatusCode == StatusCodes.Status401Unauthorized);

    /// <summary>The answer may hide a denial of what was asked about a resource.</summary>
    public static bool MayHide(HttpContext request) => OfResource(request).Count > 0;

    /// <summary>What decided it, as far as that was seen: of a bare answer nobody knows what code asked for before.</summary>
    public static FailedEvaluation? DecidedBy(HttpContext request, DenialKind kind) =>
        RequestEvidence.Existing<DenialEvidence>(request) is not { } evidence ? null
        : evidence.Enforced ?? (kind is DenialKind.Challenge or DenialKind.Forbid ? evidence.Asked : null);

    private static IReadOnlyList<FailedEvaluation> OfResource(HttpContext request) => RequestEvidence.Existing<DenialEvidence>(request)?.OfResource ?? [];

    private static SecurityEvent Event(HttpContext request, DenialKind kind, int status)
    {
        var (policy, reason) = kind is DenialKind.Hidden
            ? (Joined(OfResource(request).Select(failed => failed.Policy), ", "), InferredReason(request, status))
            : (DecidedBy(request, kind)?.Policy, ReasonOf(request, kind, status));
        var denied = CalledFields.Of(request, SecurityEvents.AuthzFail(policy, reason))
            .With(EventFields.StatusCode, status);
        // Nobody signed in is asked to sign in: no attack, nothing that failed, and not what OWASP's level is about.
        return IsAsked(request, kind) ? denied with { Outcome = EventOutcome.Unknown, Severity = EventSeverity.Low, OwaspLevel = null } : denied;
    }

    private static string ReasonOf(HttpContext request, DenialKind kind, int status)
    {
        if (RequestEvidence.Existing<DenialEvidence>(request)?.Enforced is { } enforced)
        {
            return enforced.Failure is { } failure ? ReasonOf(failure) : "a policy of the endpoint was not met";
        }

        return DecidedBy(request, kind) switch
        {
            { Failure: { } failure, Resource: not null } => ReasonOf(failure),
            // Without a resource it may have been about a menu.
            { Failure: { } failure } => $"the evaluation before it failed: {ReasonOf(failure)}",
            _ => kind switch
            {
                DenialKind.Challenge => "the application asked for a sign-in",
                DenialKind.Forbid => "the application forbade it",
                _ => string.Create(CultureInfo.InvariantCulture, $"the application answered {status}"),
            },
        };
    }

    private static string InferredReason(HttpContext request, int status)
    {
        var reasons = Joined(OfResource(request).Select(failed => failed.Failure is { } failure ? ReasonOf(failure) : null), "; ");
        return string.Create(CultureInfo.InvariantCulture, $"inferred from the answer {status} that followed: {reasons ?? "a policy of the resource was not met"}");
    }

    /// <summary>The policies that these name; null where they name none.</summary>
    public static string? PoliciesOf(IEnumerable<IAuthorizeData> demands) => Joined(demands.Select(demand => demand.Policy), ", ");

    private static string? Joined(IEnumerable<string?> texts, string separator) =>
        string.Join(separator, texts.Where(text => !string.IsNullOrEmpty(text)).Distinct(StringComparer.Ordinal)) is { Length: > 0 } joined ? joined : null;

    /// <summary>What was not met.</summary>
    public static string ReasonOf(AuthorizationFailure failure)
    {
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
