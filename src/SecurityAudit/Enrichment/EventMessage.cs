using System.Collections.Immutable;

namespace SecurityAudit.Enrichment;

/// <summary>One sentence for a person, made from the event's own parts where the capture gave none.</summary>
internal static class EventMessage
{
    public static string Of(SecurityEvent e)
    {
        var what = e.Action switch
        {
            "authn_login_success" => "signed in",
            "authn_login_fail" => "failed to sign in",
            "authn_login_lock" => "account locked",
            "authn_unlock" => "account unlocked",
            "authn_mfa_challenge" => "was asked for a second factor",
            "authn_mfa_success" => "passed the second factor",
            "authn_mfa_fail" => "failed the second factor",
            "authn_password_change" => "password changed",
            "authn_credential_invalid" => "sent an invalid credential",
            "authz_fail" => "was denied access",
            "authz_change" => "entitlements changed",
            "session_created" => "session issued",
            "session_renewed" => "session renewed",
            "session_logout" => "signed out",
            "session_expired" => "session ended",
            "user_created" => "account created",
            "user_deleted" => "account deleted",
            "user_email_changed" => "e-mail address changed",
            "app_exception" => "exception",
            "sys_startup" => "application started",
            "sys_shutdown" => "application stopped",
            _ => e.Action,
        };
        var target = e.Target is null ? "" : $", account {Name(e.Target)}";
        var change = e["security_audit.change.kind"] is string kind ? $", {kind}: {List(e["security_audit.change.before"])} to {List(e["security_audit.change.after"])}" : "";
        var rule = e["rule.name"] is string policy ? $", policy {policy}" : "";
        var type = e["error.type"] is string error ? $" {error}" : "";
        var reason = e.Reason is null ? "" : $": {e.Reason}";
        return $"{(e.User is null ? "Somebody" : Name(e.User))}: {what}{type}{target}{change}{rule}{reason}";
    }

    private static string Name(AuditUser user) => user switch
    {
        { Name: { } name } => name,
        { Id: { } id } => id,
        _ => "unknown",
    };

    private static string List(object? values) =>
        values is ImmutableArray<string> { IsDefaultOrEmpty: false } texts ? string.Join(", ", texts) : "nothing";
}
