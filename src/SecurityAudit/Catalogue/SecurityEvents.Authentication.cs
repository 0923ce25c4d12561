using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
using SecurityAudit.Sentences;

namespace SecurityAudit;

/// <content>Signing in, factors, passwords, tokens.</content>
public static partial class SecurityEvents
{
    /// <summary>Somebody signed in.</summary>
    public static SecurityEvent AuthnLoginSuccess(AuditUser user) =>
        Make("authn_login_success", Info, Authentication, e => IsInferred(e) ? $"{Words.Who(e)} appears to have signed in{Method(e)}{Words.Because(e)}."
            : Words.Did(e, $"signed in{Method(e)}", $"sign in{Method(e)}"), "start") with { User = user };

    /// <summary>Somebody signed in after failures.</summary>
    public static SecurityEvent AuthnLoginSuccessAfterFail(AuditUser user, int failures) =>
        (Make("authn_login_successafterfail", Info, Authentication,
            e => Words.Did(e, $"signed in{Method(e)} after {Attempts(e, EventFields.AuthnFailures)}", $"sign in{Method(e)}"), "start") with { User = user })
            .With(EventFields.AuthnFailures, failures);

    /// <summary>
    /// A sign-in failed. The user is the one that was claimed: <see cref="AuditUser.Claimed"/> when no such account exists.
    /// </summary>
    public static SecurityEvent AuthnLoginFail(AuditUser user, string reason) =>
        Failed("authn_login_fail", Warn, Authentication, e => e is { User.Exists: false, Reason: "unknown user" }
            ? "Somebody failed to sign in with a name that no account has."
            : $"{Words.Who(e)} {(IsInferred(e) ? "appears to have failed" : "failed")} to sign in{Words.Because(e)}.", "start") with { User = user, Reason = reason };

    /// <summary>
    /// A sign-in through another provider failed before there was an account (extension): refused there, or its answer was not accepted.
    /// </summary>
    public static SecurityEvent AuthnExternalLoginFail(string reason) =>
        Failed("authn_external_login_fail", null, Authentication, e => $"A sign-in{Method(e)} failed{Words.Because(e)}.", "start")
            with { Reason = reason, Severity = EventSeverity.Medium };

    /// <summary>A sign-in failed for the last time before a limit.</summary>
    public static SecurityEvent AuthnLoginFailMax(AuditUser user, int limit) =>
        (Failed("authn_login_fail_max", Warn, Authentication,
            e => $"{Words.Who(e)} failed to sign in and reached the limit of {Attempts(e, EventFields.Limit, "")}{Words.Because(e)}.", "start") with { User = user })
            .With(EventFields.Limit, limit);

    /// <summary>An account was locked.</summary>
    /// <param name="target">The account.</param>
    /// <param name="reason">One of <c>maxretries</c>, <c>suspicious</c>, <c>customer</c>, <c>other</c>.</param>
    public static SecurityEvent AuthnLoginLock(AuditUser target, string reason) =>
        Make("authn_login_lock", Warn, Iam, Locked, "user", "change") with { Target = target, Reason = reason };

    /// <summary>An account was unlocked (extension).</summary>
    public static SecurityEvent AuthnUnlock(AuditUser target) =>
        Make("authn_unlock", null, Iam, e => Words.Did(e, $"unlocked {Words.Account(e)}", $"unlock {Words.Account(e)}"), "user", "change")
            with { Target = target, Severity = EventSeverity.Medium };

    /// <summary>A password was changed.</summary>
    public static SecurityEvent AuthnPasswordChange(AuditUser target) =>
        Make("authn_password_change", Info, Iam, PasswordChanged, "user", "change") with { Target = target };

    /// <summary>A password could not be changed.</summary>
    public static SecurityEvent AuthnPasswordChangeFail(AuditUser target, string reason) =>
        Failed("authn_password_change_fail", Critical, Iam, PasswordChanged, "user", "change") with { Target = target, Reason = reason };

    /// <summary>A forgotten password was reset with a token (extension).</summary>
    public static SecurityEvent AuthnPasswordReset(AuditUser target) =>
        Make("authn_password_reset", null, Iam,
            e => Words.Did(e, $"reset the forgotten password of {Words.Whom(e)} with a token", $"reset the forgotten password of {Words.Whom(e)}"), "user", "change")
            with { Target = target, Severity = EventSeverity.Medium };

    /// <summary>Somebody asked for the means to reset a forgotten password, a token or a link (extension).</summary>
    public static SecurityEvent AuthnPasswordResetRequested(AuditUser target) =>
        Make("authn_password_reset_requested", null, Iam,
            e => Words.Did(e, $"asked to reset the forgotten password of {Words.Whom(e)}", $"ask to reset the forgotten password of {Words.Whom(e)}"), "user", "info")
            with { Target = target };

    /// <summary>A passkey was added to an account (extension).</summary>
    public static SecurityEvent AuthnPasskeyAdded(AuditUser target) =>
        Make("authn_passkey_added", null, Iam, e => Words.Did(e, $"added a passkey to {Theirs(e)}", $"add a passkey to {Theirs(e)}"), "user", "change")
            with { Target = target, Severity = EventSeverity.Medium };

    /// <summary>A passkey was removed from an account (extension).</summary>
    public static SecurityEvent AuthnPasskeyRemoved(AuditUser target) =>
        Make(
            "authn_passkey_removed", null, Iam, e => Words.Did(e, $"removed a passkey from {Theirs(e)}", $"remove a passkey from {Theirs(e)}"),
            "user", "change")
            with { Target = target, Severity = EventSeverity.Medium };

    /// <summary>The same user in two places too far apart.</summary>
    public static SecurityEvent AuthnImpossibleTravel(AuditUser user, string firstRegion, string secondRegion) =>
        (Failed("authn_impossible_travel", Critical, ["intrusion_detection"],
            e => $"{Words.Who(e)} appeared in {Words.Attribute(e, "region.second")} too soon after {Words.Attribute(e, "region.first")}{Words.Because(e)}.",
            "info") with { User = user })
            .WithAttribute("region.first", firstRegion).WithAttribute("region.second", secondRegion);

    /// <summary>A token was issued.</summary>
    public static SecurityEvent AuthnTokenCreated(AuditUser user) =>
        Make("authn_token_created", Info, Session, TokenCreated, "start") with { User = user };

    /// <summary>A token was revoked. Give the token's id, never the token; it is recorded as a keyed hash.</summary>
    public static SecurityEvent AuthnTokenRevoked(AuditUser user, string tokenId) =>
        Token("authn_token_revoked", Info, e => $"A token of {Words.Of(e)} was revoked{Words.Because(e)}.", user, tokenId);

    /// <summary>A revoked or spent token was used again.</summary>
    public static SecurityEvent AuthnTokenReuse(AuditUser user, string tokenId) =>
        Token("authn_token_reuse", Critical, e => $"A revoked or spent token of {Words.Of(e)} was used again{Words.Because(e)}.", user, tokenId)
            with { Outcome = EventOutcome.Failure };

    /// <summary>An application's token was deleted.</summary>
    public static SecurityEvent AuthnTokenDelete(string applicationId) =>
        Make("authn_token_delete", Warn, Session, e => $"The token of the application {Words.Attribute(e, "application.id")} was deleted{Words.Because(e)}.", "end")
            .WithAttribute("application.id", applicationId);

    /// <summary>A second factor was asked for (extension).</summary>
    public static SecurityEvent AuthnMfaChallenge(AuditUser user) =>
        Make("authn_mfa_challenge", null, Authentication, e => $"{Words.Who(e)} was asked for a second factor{Words.Because(e)}.", "info")
            with { User = user, Outcome = EventOutcome.Unknown };

    /// <summary>A second factor was accepted (extension).</summary>
    public static SecurityEvent AuthnMfaSuccess(AuditUser user) =>
        Make("authn_mfa_success", null, Iam, e => $"{Words.Who(e)} passed the second factor{Words.Because(e)}.", "user", "info") with { User = user };

    /// <summary>A second factor was refused (extension).</summary>
    public static SecurityEvent AuthnMfaFail(AuditUser user) =>
        Failed("authn_mfa_fail", null, Authentication, e => $"{Words.Who(e)} failed the second factor{Words.Because(e)}.", "info")
            with { User = user, Severity = EventSeverity.Medium };

    /// <summary>A recovery code was used up (extension).</summary>
    public static SecurityEvent AuthnRecoveryCodeUsed(AuditUser user) =>
        Make("authn_recovery_code_used", null, Iam, e => $"{Words.Who(e)} used up a recovery code{Words.Because(e)}.", "user", "info")
            with { User = user, Severity = EventSeverity.Medium };

    /// <summary>A credential that a request carried (cookie, bearer token, key) was not valid (extension).</summary>
    public static SecurityEvent AuthnCredentialInvalid(string scheme, string reason) =>
        (Failed("authn_credential_invalid", null, Authentication,
            e => $"{Words.Who(e)} sent a credential that the scheme {Words.Field(e, EventFields.AuthnScheme)} did not accept{Words.Because(e)}.", "info")
            with { Reason = reason, Severity = EventSeverity.Medium })
            .With(EventFields.AuthnScheme, scheme);

    /// <summary>A client revoked a token whose owner and id were not seen.</summary>
    internal static SecurityEvent AuthnClientTokenRevoked() =>
        Make("authn_token_revoked", Info, Session, e => $"{Client(e, "A client")} revoked a token{Words.Because(e)}.", "end");

    /// <summary>A client used a spent token whose owner and id were not seen.</summary>
    internal static SecurityEvent AuthnClientTokenReuse(string reason) =>
        Failed("authn_token_reuse", Critical, Session, e => $"{Client(e, "A client")} used a spent token again{Words.Because(e)}.", "end")
            with { Reason = reason };

    private static string Client(SecurityEvent e, string unknown) =>
        e[EventFields.OAuthClient] is string client ? $"The client {Words.Value(client)}" : unknown;

    private static string TokenCreated(SecurityEvent e)
    {
        if (e[EventFields.OAuthClient] is not string client)
        {
            return Words.Did(e, "was issued a token", "be issued a token");
        }

        // The client acts for itself, or for somebody; at the authorization endpoint, where there is no grant yet, it is let do so.
        return (e.User, e[EventFields.OAuthGrant]) switch
        {
            (null, _) => Words.Did(e, $"The client {Words.Value(client)}", "was issued a token", "be issued a token"),
            (_, null) => Words.Did(e, $"authorized the client {Words.Value(client)}", $"authorize the client {Words.Value(client)}"),
            _ => Words.Did(e, $"The client {Words.Value(client)}", $"was issued a token for {Words.Of(e)}", $"be issued a token for {Words.Of(e)}"),
        };
    }

    private static SecurityEvent Token(string action, string level, Func<SecurityEvent, string> sentence, AuditUser user, string tokenId) =>
        (Make(action, level, Session, sentence, "end") with { User = user }).With(SessionFields.Identifier, tokenId);

    private static string Method(SecurityEvent e) => e[EventFields.AuthnMethod] switch
    {
        "two_factor_recovery_code" => " with a recovery code",
        _ when e[EventFields.AuthnMfa] is true => " with a second factor",
        "external" when e[EventFields.AuthnProvider] is string provider => $" through {Words.Value(provider)}",
        "external" => " through another provider",
        "passkey" => " with a passkey",
        _ => "",
    };

    private static string Attempts(SecurityEvent e, Field<int> field, string kind = "failed ") =>
        e[field] is 1 ? $"1 {kind}attempt" : $"{Words.Field(e, field)} {kind}attempts";

    private static bool IsInferred(SecurityEvent e) => e[EventFields.AuthnEvidence] is "inferred";

    private static string Theirs(SecurityEvent e) => Words.IsOwn(e) ? "their account" : Words.Account(e);

    private static string Locked(SecurityEvent e)
    {
        var until = e[EventFields.ChangeAfter] is ImmutableArray<string> { IsDefaultOrEmpty: false } end ? $" until {end[0]}" : "";
        return (e.Outcome, e.Reason) switch
        {
            (EventOutcome.Success, "maxretries") => $"The account of {Words.Whom(e)} was locked{until} after too many failed attempts.",
            (EventOutcome.Success, "suspicious") => $"The account of {Words.Whom(e)} was locked{until} for suspicious activity.",
            (EventOutcome.Success, "customer") => $"The account of {Words.Whom(e)} was locked{until} at the customer's request.",
            (EventOutcome.Success, "other") => $"{Words.Who(e)} locked {Words.Account(e)}{until}.",
            _ => Words.Did(e, $"locked {Words.Account(e)}{until}", $"lock {Words.Account(e)}{until}"),
        };
    }

    private static string PasswordChanged(SecurityEvent e)
    {
        var whose = Words.IsOwn(e) ? "their password" : $"the password of {Words.Whom(e)}";
        return e[EventFields.ChangeKind] switch
        {
            "password_added" => Words.Did(e, $"set {whose} where there was none", $"set {whose}"),
            "password_removed" => Words.Did(e, $"removed {whose}", $"remove {whose}"),
            _ => Words.Did(e, $"changed {whose}", $"change {whose}"),
        };
    }
}
