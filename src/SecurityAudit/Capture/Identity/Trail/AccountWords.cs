namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>What <c>UserManager</c> did with accounts, in the words of the catalogue.</summary>
internal static class AccountWords
{
    /// <summary>It was done.</summary>
    /// <param name="measured">What was done.</param>
    /// <param name="target">With whose account; null where nobody can tell.</param>
    /// <param name="isLocked">Whether the account's lock ends in the future; null where nobody can tell.</param>
    public static SecurityEvent Done(AccountMeasured measured, AuditUser? target, bool? isLocked)
    {
        var account = target ?? SignInWords.Unnamed;
        return measured.Operation switch
        {
            AccountOperation.Create => SecurityEvents.UserCreated(account),
            AccountOperation.Delete => SecurityEvents.UserDeleted(account),
            _ => measured.Purpose switch
            {
                "change_password" or "add_password" or "remove_password" => SecurityEvents.AuthnPasswordChange(account),
                "reset_password" => SecurityEvents.AuthnPasswordReset(account),
                "set_lockout_end_date" when isLocked == true => SecurityEvents.AuthnLoginLock(account, "other"),
                "set_lockout_end_date" when isLocked == false => SecurityEvents.AuthnUnlock(account),
                _ => Change(measured.Purpose, account),
            },
        };
    }

    /// <summary>It was refused, or an exception ended it.</summary>
    public static SecurityEvent Refused(AccountMeasured measured, AuditUser? target)
    {
        var account = target ?? SignInWords.Unnamed;
        var refused = measured.Operation switch
        {
            // What was typed names nobody: enrichment records its hash.
            AccountOperation.Create => SecurityEvents.UserCreated(new AuditUser(null, target?.Name)),
            AccountOperation.Delete => SecurityEvents.UserDeleted(account),
            _ when Accounts.IsPassword(measured) => SecurityEvents.AuthnPasswordChangeFail(account, string.Empty),
            _ => Change(measured.Purpose, account),
        };
        return refused with { Outcome = EventOutcome.Failure, Reason = measured.Code ?? measured.Exception ?? SignInWords.Refused };
    }

    public static bool IsPassword(SecurityEvent made) => made.Action is "authn_password_change" or "authn_password_reset";

    private static SecurityEvent Change(string? purpose, AuditUser account) => purpose switch
    {
        "set_email" or "change_email" => SecurityEvents.UserEmailChanged(account, [], []),
        "add_to_roles" or "remove_from_roles" => SecurityEvents.AuthzChange(account, "role", [], []),
        "add_claims" or "replace_claim" or "remove_claims" => SecurityEvents.AuthzChange(account, "claim", [], []),
        _ => SecurityEvents.UserUpdated(account, purpose ?? "update", [], []),
    };
}
