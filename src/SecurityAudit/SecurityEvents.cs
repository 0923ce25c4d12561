using System.Collections.Immutable;

namespace SecurityAudit;

/// <summary>The catalogue: every event of the OWASP Logging Vocabulary, and the few that it has no name for.</summary>
/// <remarks>
/// Names and levels: OWASP Logging Vocabulary Cheat Sheet. Categories and types: Elastic Common Schema 8.17.
/// The actor is the user of the current request unless the event names another with <c>with { User = … }</c>.
/// </remarks>
public static class SecurityEvents
{
    private const string Info = "INFO";
    private const string Warn = "WARN";
    private const string Critical = "CRITICAL";

    private static readonly ImmutableArray<string> Authentication = ["authentication"];
    private static readonly ImmutableArray<string> AuthenticationIam = ["authentication", "iam"];
    private static readonly ImmutableArray<string> Session = ["session", "authentication"];
    private static readonly ImmutableArray<string> Access = ["api", "web"];
    private static readonly ImmutableArray<string> Iam = ["iam"];
    private static readonly ImmutableArray<string> Attack = ["intrusion_detection", "web"];
    private static readonly ImmutableArray<string> Configuration = ["configuration"];
    private static readonly ImmutableArray<string> Process = ["process"];
    private static readonly ImmutableArray<string> Files = ["file"];
    private static readonly ImmutableArray<string> Web = ["web"];
    private static readonly ImmutableArray<string> Api = ["api"];

    private static SecurityEvent Make(string action, string? level, ImmutableArray<string> categories, params ImmutableArray<string> types) =>
        new(action, categories, types)
        {
            OwaspLevel = level,
            Severity = level switch { Critical => EventSeverity.High, Warn => EventSeverity.Medium, _ => EventSeverity.Low },
        };

    private static SecurityEvent Failed(string action, string? level, ImmutableArray<string> categories, params ImmutableArray<string> types) =>
        Make(action, level, categories, types) with { Outcome = EventOutcome.Failure };

    // Authentication

    /// <summary>Somebody signed in.</summary>
    public static SecurityEvent AuthnLoginSuccess(AuditUser user) =>
        Make("authn_login_success", Info, Authentication, "start") with { User = user };

    /// <summary>Somebody signed in after failures.</summary>
    public static SecurityEvent AuthnLoginSuccessAfterFail(AuditUser user, int failures) =>
        (Make("authn_login_successafterfail", Info, Authentication, "start") with { User = user }).With("security_audit.authn.failures", failures);

    /// <summary>A sign-in failed. The user is the one that was claimed: <see cref="AuditUser.Claimed"/> when no such account exists.</summary>
    public static SecurityEvent AuthnLoginFail(AuditUser user, string reason) =>
        Failed("authn_login_fail", Warn, Authentication, "start") with { User = user, Reason = reason };

    /// <summary>A sign-in failed for the last time before a limit.</summary>
    public static SecurityEvent AuthnLoginFailMax(AuditUser user, int limit) =>
        (Failed("authn_login_fail_max", Warn, Authentication, "start") with { User = user }).With("security_audit.limit", limit);

    /// <summary>An account was locked.</summary>
    /// <param name="target">The account.</param>
    /// <param name="reason">One of <c>maxretries</c>, <c>suspicious</c>, <c>customer</c>, <c>other</c>.</param>
    public static SecurityEvent AuthnLoginLock(AuditUser target, string reason) =>
        Make("authn_login_lock", Warn, AuthenticationIam, "user", "change", "info") with { Target = target, Reason = reason };

    /// <summary>An account was unlocked (extension).</summary>
    public static SecurityEvent AuthnUnlock(AuditUser target) =>
        Make("authn_unlock", null, AuthenticationIam, "user", "change", "info") with { Target = target, Severity = EventSeverity.Medium };

    /// <summary>A password was changed.</summary>
    public static SecurityEvent AuthnPasswordChange(AuditUser target) =>
        Make("authn_password_change", Info, AuthenticationIam, "user", "change", "info") with { Target = target };

    /// <summary>A password could not be changed.</summary>
    public static SecurityEvent AuthnPasswordChangeFail(AuditUser target, string reason) =>
        Failed("authn_password_change_fail", Critical, AuthenticationIam, "user", "change", "info") with { Target = target, Reason = reason };

    /// <summary>A forgotten password was reset with a token (extension).</summary>
    public static SecurityEvent AuthnPasswordReset(AuditUser target) =>
        Make("authn_password_reset", null, AuthenticationIam, "user", "change", "info") with { Target = target, Severity = EventSeverity.Medium };

    /// <summary>The same user in two places too far apart.</summary>
    public static SecurityEvent AuthnImpossibleTravel(AuditUser user, string firstRegion, string secondRegion) =>
        (Failed("authn_impossible_travel", Critical, ["authentication", "intrusion_detection"], "info") with { User = user })
            .WithAttribute("region.first", firstRegion).WithAttribute("region.second", secondRegion);

    /// <summary>A token was issued.</summary>
    public static SecurityEvent AuthnTokenCreated(AuditUser user) =>
        Make("authn_token_created", Info, Authentication, "start") with { User = user };

    /// <summary>A token was revoked. Give the token's id, never the token; it is recorded as a keyed hash.</summary>
    public static SecurityEvent AuthnTokenRevoked(AuditUser user, string tokenId) => Token("authn_token_revoked", Info, user, tokenId);

    /// <summary>A revoked or spent token was used again.</summary>
    public static SecurityEvent AuthnTokenReuse(AuditUser user, string tokenId) =>
        Token("authn_token_reuse", Critical, user, tokenId) with { Outcome = EventOutcome.Failure };

    /// <summary>An application's token was deleted.</summary>
    public static SecurityEvent AuthnTokenDelete(string applicationId) =>
        Make("authn_token_delete", Warn, Authentication, "end").WithAttribute("application.id", applicationId);

    /// <summary>A second factor was asked for (extension).</summary>
    public static SecurityEvent AuthnMfaChallenge(AuditUser user) =>
        Make("authn_mfa_challenge", null, Authentication, "info") with { User = user };

    /// <summary>A second factor was accepted (extension).</summary>
    public static SecurityEvent AuthnMfaSuccess(AuditUser user) =>
        Make("authn_mfa_success", null, Authentication, "info") with { User = user };

    /// <summary>A second factor was refused (extension).</summary>
    public static SecurityEvent AuthnMfaFail(AuditUser user) =>
        Failed("authn_mfa_fail", null, Authentication, "info") with { User = user, Severity = EventSeverity.Medium };

    /// <summary>A recovery code was used up (extension).</summary>
    public static SecurityEvent AuthnRecoveryCodeUsed(AuditUser user) =>
        Make("authn_recovery_code_used", null, Authentication, "info") with { User = user, Severity = EventSeverity.Medium };

    /// <summary>A credential that a request carried (cookie, bearer token, key) was not valid (extension).</summary>
    public static SecurityEvent AuthnCredentialInvalid(string scheme, string reason) =>
        (Failed("authn_credential_invalid", null, Authentication, "info") with { Reason = reason, Severity = EventSeverity.Medium })
            .With("security_audit.authn.scheme", scheme);

    // Authorization

    /// <summary>Access was denied.</summary>
    /// <param name="policy">The policy that denied it, if it has a name.</param>
    /// <param name="reason">The requirement that was not met.</param>
    public static SecurityEvent AuthzFail(string? policy, string reason) =>
        (Failed("authz_fail", Critical, Access, "access", "denied") with { Reason = reason }).With("rule.name", policy);

    /// <summary>A user's or role's entitlements changed.</summary>
    public static SecurityEvent AuthzChange(AuditUser? target, string kind, ImmutableArray<string> before, ImmutableArray<string> after) =>
        Changed(Make("authz_change", Warn, Iam, "user", "change"), target, kind, before, after);

    /// <summary>An administrator did something that only administrators may.</summary>
    public static SecurityEvent AuthzAdmin(string activity) => Make("authz_admin", Warn, Iam, "admin", "info").WithAttribute("activity", activity);

    /// <summary>The permissions on a file or object changed.</summary>
    public static SecurityEvent PrivilegePermissionsChanged(string subject, string before, string after) =>
        Changed(Make("privilege_permissions_changed", Warn, Iam, "user", "change"), null, "permission", [before], [after]).WithAttribute("object", subject);

    // Cryptography

    /// <summary>Something could not be decrypted.</summary>
    public static SecurityEvent CryptDecryptFail(string what) => Failed("crypt_decrypt_fail", Warn, Web, "error").WithAttribute("object", what);

    /// <summary>Something could not be encrypted.</summary>
    public static SecurityEvent CryptEncryptFail(string what) => Failed("crypt_encrypt_fail", Warn, Web, "error").WithAttribute("object", what);

    // Excess

    /// <summary>A rate limit was exceeded.</summary>
    public static SecurityEvent ExcessRateLimitExceeded(string? policy) =>
        Failed("excess_rate_limit_exceeded", Warn, Api, "denied").With("rule.name", policy);

    /// <summary>A user has more sessions than allowed.</summary>
    public static SecurityEvent ExcessSessionsExceeded(AuditUser user, int limit) =>
        (Failed("excess_sessions_exceeded", Warn, Session, "info") with { User = user }).With("security_audit.limit", limit);

    // Uploads

    /// <summary>A file was uploaded.</summary>
    public static SecurityEvent UploadComplete(string file, string contentType) =>
        Make("upload_complete", Info, Files, "creation").With("file.name", file).With("file.mime_type", contentType);

    /// <summary>An uploaded file was put in its place.</summary>
    public static SecurityEvent UploadStored(string file, string from, string to) =>
        Make("upload_stored", Info, Files, "creation").With("file.name", file).WithAttribute("from", from).WithAttribute("to", to);

    /// <summary>An uploaded file was checked; a failed check is critical.</summary>
    public static SecurityEvent UploadValidation(string file, string check, bool passed) =>
        (passed ? Make("upload_validation", Info, Files, "info") : Failed("upload_validation", Critical, Files, "info"))
            .With("file.name", file).WithAttribute("check", check);

    /// <summary>An uploaded file was deleted.</summary>
    public static SecurityEvent UploadDelete(string file) => Make("upload_delete", Info, Files, "deletion").With("file.name", file);

    // Input

    /// <summary>Input was refused.</summary>
    public static SecurityEvent InputValidationFail(params ImmutableArray<string> inputs) =>
        Failed("input_validation_fail", Warn, Web, "error").With("security_audit.inputs", inputs);

    /// <summary>Input was outside a list of choices that the page offers: a sign of tampering.</summary>
    public static SecurityEvent InputValidationDiscreteFail(string input) =>
        Failed("input_validation_discrete_fail", Warn, Web, "error").With("security_audit.inputs", ImmutableArray.Create(input));

    // Malice

    /// <summary>Too many requests for what does not exist.</summary>
    public static SecurityEvent MaliciousExcess404() => Malicious("malicious_excess_404", Warn);

    /// <summary>Input that the page does not have.</summary>
    public static SecurityEvent MaliciousExtraneous(string input) =>
        Malicious("malicious_extraneous", Critical).With("security_audit.inputs", ImmutableArray.Create(input));

    /// <summary>A known attack tool.</summary>
    public static SecurityEvent MaliciousAttackTool(string tool) => Malicious("malicious_attack_tool", Critical).WithAttribute("tool", tool);

    /// <summary>An attempt at SQL injection. Give the parameter's name, not its value.</summary>
    public static SecurityEvent MaliciousSqli(string parameter) =>
        Malicious("malicious_sqli", Critical).With("security_audit.inputs", ImmutableArray.Create(parameter));

    /// <summary>A request from an origin that is not allowed.</summary>
    public static SecurityEvent MaliciousCors(string origin) => Malicious("malicious_cors", Critical).WithAttribute("origin", origin);

    /// <summary>An attempt to reach somebody else's object.</summary>
    public static SecurityEvent MaliciousDirectReference(string subject) =>
        Malicious("malicious_direct_reference", Critical).WithAttribute("object", subject);

    /// <summary>A request without a valid antiforgery token.</summary>
    public static SecurityEvent MaliciousCsrf(string reason) => Malicious("malicious_csrf", Warn) with { Reason = reason };

    /// <summary>A browser reported a violation of the content security policy.</summary>
    public static SecurityEvent MaliciousCspViolation(string directive) =>
        Malicious("malicious_csp_violation", Warn).WithAttribute("directive", directive);

    /// <summary>A prompt that tries to take over a model's tools.</summary>
    public static SecurityEvent McpPromptInjection(string tool) => Malicious("mcp_prompt_injection", Warn).WithAttribute("tool", tool);

    /// <summary>A model's tool was made to exhaust resources.</summary>
    public static SecurityEvent McpResourceExhaustion(string tool) => Malicious("mcp_resource_exhaustion", Warn).WithAttribute("tool", tool);

    /// <summary>A model's tool was replaced or its description altered.</summary>
    public static SecurityEvent McpToolPoisoning(string tool) => Malicious("mcp_tool_poisoning", Warn).WithAttribute("tool", tool);

    /// <summary>A honeytoken was touched (extension): nobody has a reason to.</summary>
    public static SecurityEvent HoneytokenUsed(string token) =>
        Malicious("honeytoken_used", null).WithAttribute("token", token) with { Severity = EventSeverity.Critical };

    // Sensitive data

    /// <summary>Something sensitive was created.</summary>
    public static SecurityEvent SensitiveCreate(string subject) => Make("sensitive_create", Warn, Api, "creation").WithAttribute("object", subject);

    /// <summary>Something sensitive was read.</summary>
    public static SecurityEvent SensitiveRead(string subject) => Make("sensitive_read", Warn, Api, "access").WithAttribute("object", subject);

    /// <summary>Something sensitive was changed.</summary>
    public static SecurityEvent SensitiveUpdate(string subject) => Make("sensitive_update", Warn, Api, "change").WithAttribute("object", subject);

    /// <summary>Something sensitive was deleted.</summary>
    public static SecurityEvent SensitiveDelete(string subject) => Make("sensitive_delete", Warn, Api, "deletion").WithAttribute("object", subject);

    /// <summary>Steps of a workflow were taken out of order.</summary>
    public static SecurityEvent SequenceFail(string workflow) => Failed("sequence_fail", Critical, Web, "error").WithAttribute("workflow", workflow);

    // Sessions

    /// <summary>A session was issued.</summary>
    public static SecurityEvent SessionCreated(AuditUser user) => Make("session_created", Info, Session, "start") with { User = user };

    /// <summary>A session was renewed.</summary>
    public static SecurityEvent SessionRenewed(AuditUser user) => Make("session_renewed", Info, Session, "info") with { User = user };

    /// <summary>A session ended by itself or was revoked.</summary>
    public static SecurityEvent SessionExpired(AuditUser? user, string reason) =>
        Make("session_expired", Info, Session, "end") with { User = user, Reason = reason };

    /// <summary>Somebody signed out.</summary>
    public static SecurityEvent SessionLogout(AuditUser? user) => Make("session_logout", Info, Session, "end") with { User = user };

    /// <summary>A session was used after its end.</summary>
    public static SecurityEvent SessionUseAfterExpire(AuditUser? user) =>
        Failed("session_use_after_expire", Critical, Session, "info") with { User = user };

    // System

    /// <summary>The application started.</summary>
    public static SecurityEvent SysStartup() => Make("sys_startup", Warn, Process, "start") with { Severity = EventSeverity.Low };

    /// <summary>The application stopped in good order.</summary>
    public static SecurityEvent SysShutdown() => Make("sys_shutdown", Warn, Process, "end") with { Severity = EventSeverity.Low };

    /// <summary>The application was restarted.</summary>
    public static SecurityEvent SysRestart() => Make("sys_restart", Warn, Process, "change");

    /// <summary>The application crashed.</summary>
    public static SecurityEvent SysCrash(string reason) => Failed("sys_crash", Warn, Process, "end") with { Reason = reason };

    /// <summary>Something that watches was switched off.</summary>
    public static SecurityEvent SysMonitorDisabled(string monitor) =>
        Make("sys_monitor_disabled", Warn, Configuration, "change").WithAttribute("monitor", monitor);

    /// <summary>Something that watches was switched on.</summary>
    public static SecurityEvent SysMonitorEnabled(string monitor) =>
        Make("sys_monitor_enabled", Warn, Configuration, "change").WithAttribute("monitor", monitor);

    /// <summary>An exception reached the pipeline (extension).</summary>
    public static SecurityEvent AppException(string type, bool handled) =>
        (Failed("app_exception", null, Web, "error") with { Severity = handled ? EventSeverity.Low : EventSeverity.Medium })
            .With("error.type", type).With("security_audit.error.handled", handled);

    /// <summary>What is captured and what is not, as found at start (extension).</summary>
    public static SecurityEvent AuditCoverage() => Make("audit_coverage", null, Configuration, "info");

    // Accounts

    /// <summary>An account was created.</summary>
    public static SecurityEvent UserCreated(AuditUser target) => Make("user_created", Warn, Iam, "user", "creation") with { Target = target };

    /// <summary>An account was changed.</summary>
    public static SecurityEvent UserUpdated(AuditUser target, string kind, ImmutableArray<string> before, ImmutableArray<string> after) =>
        Changed(Make("user_updated", Warn, Iam, "user", "change"), target, kind, before, after);

    /// <summary>An account's e-mail address was changed (extension).</summary>
    public static SecurityEvent UserEmailChanged(AuditUser target, ImmutableArray<string> before, ImmutableArray<string> after) =>
        Changed(Make("user_email_changed", null, Iam, "user", "change") with { Severity = EventSeverity.Medium }, target, "email", before, after);

    /// <summary>An account was archived.</summary>
    public static SecurityEvent UserArchived(AuditUser target) => Make("user_archived", Warn, Iam, "user", "change") with { Target = target };

    /// <summary>An account was deleted.</summary>
    public static SecurityEvent UserDeleted(AuditUser target) => Make("user_deleted", Warn, Iam, "user", "deletion") with { Target = target };

    /// <summary>Something of the application's own that people do, e.g. <c>invoice.approve</c>.</summary>
    public static SecurityEvent Activity(string action, EventOutcome outcome = EventOutcome.Success) =>
        Make(string.IsNullOrWhiteSpace(action) ? "unknown" : action, null, Web, "access") with { Outcome = outcome };

    private static SecurityEvent Malicious(string action, string? level) => Failed(action, level, Attack, "info");

    private static SecurityEvent Token(string action, string level, AuditUser user, string tokenId) =>
        (Make(action, level, Session, "end") with { User = user }).With(SessionFields.Identifier, tokenId);

    private static SecurityEvent Changed(
        SecurityEvent made, AuditUser? target, string kind, ImmutableArray<string> before, ImmutableArray<string> after) =>
        (made with { Target = target })
            .With("security_audit.change.kind", kind)
            .With("security_audit.change.before", before)
            .With("security_audit.change.after", after);
}
