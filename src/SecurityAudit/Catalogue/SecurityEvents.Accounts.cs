using System.Collections.Immutable;
using SecurityAudit.Sentences;

namespace SecurityAudit;

/// <content>Accounts.</content>
public static partial class SecurityEvents
{
    /// <summary>An account was created.</summary>
    public static SecurityEvent UserCreated(AuditUser target) =>
        Make("user_created", Warn, Iam, e => Words.Did(e, $"created {Words.Account(e)}", $"create {Words.Account(e)}"), "user", "creation") with { Target = target };

    /// <summary>An account was changed.</summary>
    public static SecurityEvent UserUpdated(AuditUser target, string kind, ImmutableArray<string> before, ImmutableArray<string> after) =>
        Changed(Make("user_updated", Warn, Iam, ChangeWords.Account, "user", "change"), target, kind, before, after);

    /// <summary>An account's e-mail address was changed (extension).</summary>
    public static SecurityEvent UserEmailChanged(AuditUser target, ImmutableArray<string> before, ImmutableArray<string> after) =>
        Changed(Make("user_email_changed", null, Iam, ChangeWords.Account, "user", "change") with { Severity = EventSeverity.Medium }, target, "email", before, after);

    /// <summary>Somebody asked again for the means to confirm the address of an account, a code or a link (extension).</summary>
    internal static SecurityEvent UserConfirmationRequested(AuditUser target) =>
        Make("user_confirmation_requested", null, Iam,
            e => Words.Did(e, $"asked to confirm the e-mail address of {Words.Whom(e)}", $"ask to confirm the e-mail address of {Words.Whom(e)}"), "user", "info")
            with { Target = target, Severity = EventSeverity.Low };

    /// <summary>An account was archived.</summary>
    public static SecurityEvent UserArchived(AuditUser target) =>
        Make("user_archived", Warn, Iam, e => Words.Did(e, $"archived {Words.Account(e)}", $"archive {Words.Account(e)}"), "user", "change") with { Target = target };

    /// <summary>An account was deleted.</summary>
    public static SecurityEvent UserDeleted(AuditUser target) =>
        Make("user_deleted", Warn, Iam, e => Words.Did(e, $"deleted {Words.Account(e)}", $"delete {Words.Account(e)}"), "user", "deletion") with { Target = target };
}
