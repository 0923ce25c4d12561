using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Capture.Identity;

/// <summary>Records what <see cref="UserManager{TUser}"/> refused, and what it did where no database witness sees more.</summary>
internal sealed class AccountWitness(IdentityRecorder recorder)
{
    public static void TokenVerified(IdentityEvidence? evidence, in IdentityMeasurement measured)
    {
        if (evidence is null)
        {
            return;
        }

        switch (measured.Purpose)
        {
            case "two_factor":
                evidence.Checked = true;
                break;
            case "reset_password":
                evidence.ResetTokenAccepted = measured.Succeeded;
                evidence.AccountWork = true;
                break;
            default:
                evidence.AccountWork = true;
                break;
        }
    }

    public void Created(IdentityEvidence? evidence, in IdentityMeasurement measured)
    {
        // A history of passwords may have asked the hasher: no sign-in.
        AccountTouched(evidence);
        var name = evidence?.Saving?.User.Name;
        if (evidence is not null)
        {
            evidence.Saving = null;
        }

        if (!measured.Succeeded)
        {
            recorder.Record(Refused(SecurityEvents.UserCreated(new AuditUser(null, name)), measured));
        }
    }

    public void Deleted(IdentityEvidence? evidence, in IdentityMeasurement measured)
    {
        AccountTouched(evidence);
        if (!measured.Succeeded)
        {
            recorder.Record(Refused(SecurityEvents.UserDeleted(Target(evidence, measured)), measured));
        }
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
            case null or "reset_access_failed_count" or "password_rehash" or "redeem_two_factor_recovery_code":
                return;
            case "change_password" or "reset_password" or "add_password" or "remove_password":
                AccountTouched(evidence);
                if (!measured.Succeeded)
                {
                    recorder.Record(Refused(SecurityEvents.AuthnPasswordChangeFail(Target(evidence, measured), string.Empty), measured));
                }

                break;
            default:
                if (!measured.Succeeded)
                {
                    recorder.Record(Refused(SecurityEvents.UserUpdated(Target(evidence, measured), measured.Purpose, [], []), measured));
                }

                break;
        }

        if (evidence is not null)
        {
            evidence.AccountWork = true;
            evidence.Saving = null;
        }
    }

    private static void AccountTouched(IdentityEvidence? evidence)
    {
        if (evidence is { Check: null or { Bare: true } })
        {
            (evidence.Check, evidence.AccountWork) = (null, true);
        }
    }

    // Where a token was refused the account was looked up by name; elsewhere the name that was looked up last may be a role's.
    private static AuditUser Target(IdentityEvidence? evidence, in IdentityMeasurement measured) =>
        evidence?.User ?? evidence?.Saving?.User
        ?? new AuditUser(null, measured is { Purpose: "reset_password", Code: "InvalidToken" } ? evidence?.ClaimedName : null);

    private static SecurityEvent Refused(SecurityEvent made, in IdentityMeasurement measured) =>
        made with { Outcome = EventOutcome.Failure, Reason = measured.Code ?? measured.Exception ?? "refused" };
}
