namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>Sign-ins without a password that were refused: a second factor, another provider, a passkey.</summary>
internal static class SecondFactors
{
    public static TrailStep? Refused(TrailStep step, SignInMeasured measured)
    {
        var reason = SignInWords.Reason(measured.Result, measured.Exception);
        if (!SignInWords.IsSecondFactor(measured))
        {
            // Only a failure leaves open whether the account exists; a lock or a missing confirmation is the account's own.
            var failed = reason is null
                ? SecurityEvents.AuthnLoginFail(
                    AuditUser.Claimed(null), measured.Type is "external" ? "no account is linked to this external login"
                        : SignInWords.Refused)
                : SecurityEvents.AuthnLoginFail(SignInWords.Unnamed, reason);
            return SignIns.Explained(step.Record(failed.By(measured)), measured, account: null);
        }

        var account = AccountOf(step.State, measured);
        var isChecked = measured.Type is "two_factor_recovery_code"
            ? account is not null
            : step.State.Seen<SecondFactorChecked>(SignIns.From(measured), measured.At).Any(seen => !seen.IsRight);
        // Without the cookie of the first step no code is looked at.
        reason ??= !isChecked ? SignInWords.Refused : measured.Type is "two_factor_recovery_code" ? "wrong recovery code" : SignInWords.WrongCode;
        step = step.Record((SecurityEvents.AuthnMfaFail(account ?? AuditUser.Claimed(null)) with { Reason = reason }).By(measured));
        var check = step.State.Seen<SecondFactorChecked>(SignIns.From(measured), measured.At).FirstOrDefault(seen => !seen.IsRight);
        if (measured.Result is "locked_out" && check is not null && account is not null
            && !step.State.LocksWritten.Contains(TrailState.Key(account)))
        {
            step = step.Record(SecurityEvents.AuthnLoginLock(account, "maxretries"));
        }

        return SignIns.Explained(step, measured, account, check);
    }

    /// <summary>A lock of this account that is being written comes from a wrong second factor.</summary>
    public static bool Locks(TrailState state, AuditUser account)
    {
        var wrong = state.Seen<SecondFactorChecked>().Where(seen => !seen.IsRight).ToList();
        return wrong.Exists(seen => Named(state, seen.Remembered) is { } known
            ? TrailState.IsSame(known, account)
            : state.Challenged.IsEmpty && state.Seen<AccountSaving>().All(saving => TrailState.IsSame(saving.Account, account)));
    }

    // Asked in this request (Identity's API endpoints check both factors at once) comes before what the cookie of an earlier one says.
    private static AuditUser? AccountOf(TrailState state, SignInMeasured measured)
    {
        var saved = state.Seen<AccountSaving>(SignIns.From(measured), measured.At)
            .Select(saving => saving.Account).DistinctBy(TrailState.Key).ToList();
        return Named(state, measured.Remembered) is { } known
            ? saved.Find(account => TrailState.IsSame(account, known)) ?? known
            : state.Challenged.IsEmpty && saved.Count == 1 ? saved[0] : null;
    }

    private static AuditUser? Named(TrailState state, AuditUser? remembered)
    {
        var challenged = state.Challenged.DistinctBy(TrailState.Key).ToList();
        return challenged.Count switch
        {
            0 => remembered,
            1 => challenged[0],
            _ => null,
        };
    }
}
