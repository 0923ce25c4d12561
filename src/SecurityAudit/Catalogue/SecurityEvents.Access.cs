using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Sentences;

namespace SecurityAudit;

/// <content>Access, entitlements, limits.</content>
public static partial class SecurityEvents
{
    /// <summary>Access was denied.</summary>
    /// <param name="policy">The policy that denied it, if it has a name.</param>
    /// <param name="reason">The requirement that was not met.</param>
    public static SecurityEvent AuthzFail(string? policy, string reason) =>
        Failed("authz_fail", Critical, Api, Denied, "access", "denied") with { Reason = reason, Fields = policy is null ? [] : [new(EventFields.RuleName.Name, policy)] };

    /// <summary>A user's or role's entitlements changed.</summary>
    public static SecurityEvent AuthzChange(AuditUser? target, string kind, ImmutableArray<string> before, ImmutableArray<string> after) =>
        Changed(Make("authz_change", Warn, Iam, ChangeWords.Entitlement, "user", "change"), target, kind, before, after);

    /// <summary>An administrator did something that only administrators may.</summary>
    public static SecurityEvent AuthzAdmin(string activity) =>
        Make("authz_admin", Warn, Iam, e => Words.Did(
            e, $"did what is reserved to administrators: {Words.Attribute(e, "activity")}",
            $"do what is reserved to administrators: {Words.Attribute(e, "activity")}"), "admin", "info")
            .WithAttribute("activity", activity);

    /// <summary>The permissions on a file or object changed.</summary>
    public static SecurityEvent PrivilegePermissionsChanged(string subject, string before, string after) =>
        Changed(
            Make("privilege_permissions_changed", Warn, Iam,
                e => ChangeWords.FromTo(e, "changed", "change", $"the permissions on {Words.Attribute(e, "object")}"), "user", "change"),
            null, "permission", [before], [after]).WithAttribute("object", subject);

    /// <summary>A rate limit was exceeded.</summary>
    public static SecurityEvent ExcessRateLimitExceeded(string? policy) =>
        Failed("excess_rate_limit_exceeded", Warn, Api,
            e => $"{Words.Who(e)} exceeded {(e[EventFields.RuleName] is string name ? $"the rate limit {Words.Value(name)}" : "a rate limit")}{Words.Because(e)}.", "denied")
            .With(EventFields.RuleName, policy);

    /// <summary>A user has more sessions than allowed.</summary>
    public static SecurityEvent ExcessSessionsExceeded(AuditUser user, int limit) =>
        (Failed(
            "excess_sessions_exceeded", Warn, Session,
            e => $"{Words.Who(e)} has more sessions than the limit of {Words.Field(e, EventFields.Limit)}{Words.Because(e)}.", "info")
            with { User = user }).With(EventFields.Limit, limit);

    /// <summary>Steps of a workflow were taken out of order.</summary>
    public static SecurityEvent SequenceFail(string workflow) =>
        Failed("sequence_fail", Critical, Web, e => $"{Words.Who(e)} took the steps of {Words.Attribute(e, "workflow")} out of order{Words.Because(e)}.", "error")
            .WithAttribute("workflow", workflow);

    private static string Denied(SecurityEvent e)
    {
        var why = (e[EventFields.RuleName] as string, e.Reason) switch
        {
            ({ } policy, { } reason) when reason.StartsWith("needs ", StringComparison.Ordinal) => $": policy {Words.Value(policy)} {reason}",
            ({ } policy, { Length: > 0 } reason) => $": policy {Words.Value(policy)}, {reason}",
            ({ } policy, _) => $": policy {Words.Value(policy)}",
            _ => Words.Because(e),
        };
        return e.Outcome == EventOutcome.Unknown
            ? $"{Words.Who(e)} was asked to sign in for {Words.Called(e)}{why}."
            : $"{Words.Who(e)} was denied {Words.Called(e)}{why}.";
    }
}
