using System.Collections.Concurrent;
using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Capture.Identity;

/// <summary>Records what <see cref="UserManager{TUser}"/> refused, and what it did where no database witness sees more.</summary>
internal sealed class AccountWitness(IdentityRecorder recorder, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, bool> _covered = new(StringComparer.Ordinal);

    /// <summary>The database witness sees the changes of accounts of this type, with values.</summary>
    public void Covers(Type user) => _covered[user.FullName ?? user.Name] = true;

    public static void TokenVerified(IdentityEvidence? evidence, in IdentityMeasurement measured)
    {
        if (evidence is null)
        {
            return;
        }

        if (measured.Purpose is "two_factor")
        {
            evidence.Checked = true;
            return;
        }

        evidence.AccountWork = true;
        if (measured.Purpose is "reset_password")
        {
            evidence.ResetTokenAccepted = measured.Succeeded;
        }
    }

    /// <summary>The database witness saw a change become true.</summary>
    public void Saved(IdentityEvidence? evidence, SecurityEvent made)
    {
        if (evidence is { RehashNeeded: true } && made.Action is "authn_password_change")
        {
            // UserManager says in a moment whether this was a new password or only a better hash of the old one.
            (evidence.RehashNeeded, evidence.NewHash) = (false, made);
            return;
        }

        recorder.Record(made);
    }

    public void Created(IdentityEvidence? evidence, in IdentityMeasurement measured)
    {
        NoSignIn(evidence);
        var user = evidence?.Saving?.User;
        if (!measured.Succeeded)
        {
            // What was typed names nobody: enrichment records its hash.
            Refused(evidence, SecurityEvents.UserCreated(new AuditUser(null, user?.Name)), measured);
        }
        else if (!IsCovered(measured))
        {
            recorder.Record(SecurityEvents.UserCreated(user ?? new AuditUser(null, null)));
        }

        Reported(evidence);
    }

    public void Deleted(IdentityEvidence? evidence, in IdentityMeasurement measured)
    {
        NoSignIn(evidence);
        if (!measured.Succeeded)
        {
            Refused(evidence, SecurityEvents.UserDeleted(Target(evidence, measured)), measured);
        }
        else if (!IsCovered(measured))
        {
            recorder.Record(SecurityEvents.UserDeleted(Target(evidence, measured)));
        }

        Reported(evidence);
    }

    public void Updated(IdentityEvidence? evidence, in IdentityMeasurement measured)
    {
        switch (measured.Purpose)
        {
            case "increment_access_failed":
                if (evidence is not null)
                {
                    evidence.Checked = true;
                    evidence.User ??= evidence.Saving?.User;
                }

                return;
            case "password_rehash":
                if (evidence is not null)
                {
                    evidence.NewHash = null;
                }

                return;
            case null or "reset_access_failed_count" or "redeem_two_factor_recovery_code" or "set_authentication_token" or "remove_authentication_token":
                return;
            case "change_password" or "reset_password" or "add_password" or "remove_password":
                NoSignIn(evidence);
                break;
        }

        if (evidence is { NewHash: { } changed })
        {
            recorder.Record(changed);
        }

        if (!measured.Succeeded)
        {
            Refused(evidence, Change(measured, RefusedTarget(evidence, measured), evidence?.Saving?.LockoutEnd), measured);
        }
        else if (!IsCovered(measured) || evidence is { ChangesSeen: false })
        {
            // Entity Framework Core may be there and still see no difference: an account that was attached, not loaded, has no "before".
            recorder.Record(Change(measured, Target(evidence, measured), evidence?.Saving?.LockoutEnd));
        }

        Reported(evidence);
    }

    private static void Reported(IdentityEvidence? evidence)
    {
        if (evidence is not null)
        {
            (evidence.AccountWork, evidence.ChangesSeen, evidence.FailureSeen) = (true, false, false);
            (evidence.Saving, evidence.NewHash) = (null, null);
        }
    }

    // Changing a password and a history of passwords ask the hasher too.
    private static void NoSignIn(IdentityEvidence? evidence)
    {
        if (evidence is { Check: { Bare: true } })
        {
            evidence.Check = null;
        }
    }

    // Where a token was refused the account was looked up by name; elsewhere the name that was looked up last may be a role's.
    private static AuditUser Target(IdentityEvidence? evidence, in IdentityMeasurement measured) =>
        evidence?.User ?? evidence?.Saving?.User
        ?? (measured is { Purpose: "reset_password", Code: "InvalidToken" } ? evidence?.Known : null) ?? new AuditUser(null, null);

    // The name of an account that is refused its new one is the typed one, unless the account was seen under it before.
    private static AuditUser RefusedTarget(IdentityEvidence? evidence, in IdentityMeasurement measured)
    {
        var target = Target(evidence, measured);
        return target.Name is { } name && !IsName(evidence?.User, name) && !IsName(evidence?.Found, name) && !IsName(evidence?.Caller, name)
            ? target with { Exists = false }
            : target;
    }

    private static bool IsName(AuditUser? user, string name) => user is not null && string.Equals(user.Name, name, StringComparison.Ordinal);

    private SecurityEvent Change(in IdentityMeasurement measured, AuditUser target, DateTimeOffset? lockoutEnd) => measured.Purpose switch
    {
        "change_password" or "add_password" or "remove_password" or "reset_password" when !measured.Succeeded =>
            SecurityEvents.AuthnPasswordChangeFail(target, string.Empty),
        "change_password" or "add_password" or "remove_password" => SecurityEvents.AuthnPasswordChange(target),
        "reset_password" => SecurityEvents.AuthnPasswordReset(target),
        "set_email" or "change_email" => SecurityEvents.UserEmailChanged(target, [], []),
        "add_to_roles" or "remove_from_roles" => SecurityEvents.AuthzChange(target, "role", [], []),
        "add_claims" or "replace_claim" or "remove_claims" => SecurityEvents.AuthzChange(target, "claim", [], []),
        "set_lockout_end_date" => lockoutEnd > time.GetUtcNow() ? SecurityEvents.AuthnLoginLock(target, "other") : SecurityEvents.AuthnUnlock(target),
        var purpose => SecurityEvents.UserUpdated(target, purpose ?? "update", [], []),
    };

    private bool IsCovered(in IdentityMeasurement measured) => measured.UserType is { } type && _covered.ContainsKey(type);

    private void Refused(IdentityEvidence? evidence, SecurityEvent made, in IdentityMeasurement measured)
    {
        // The database witness has the failure already, with values.
        if (evidence is { FailureSeen: true } && measured is { Code: "ConcurrencyFailure" } or { Exception: not null })
        {
            return;
        }

        recorder.Record(made with { Outcome = EventOutcome.Failure, Reason = measured.Code ?? measured.Exception ?? "refused" });
    }
}
