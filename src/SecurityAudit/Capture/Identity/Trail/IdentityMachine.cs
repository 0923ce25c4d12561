namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>
/// Where each sighting leads. Pure: what is known and one sighting in, what is known and what is to be recorded out. Hooks of two attempts
/// may come in any order and mixed; each attempt is recorded once, and of what could be either's nothing is said.
/// </summary>
internal static class IdentityMachine
{
    public static TrailStep Next(TrailState state, Sighting seen)
    {
        seen = seen is OperationMeasured operation ? operation.After(state.Open.IsEmpty ? null : state.Open[^1]) : seen;
        var step = seen switch
        {
            NameLookedUp lookedUp => new TrailStep(LookedUp(state, lookedUp)),
            AccountLoaded loaded => new TrailStep(Loaded(state, loaded.Account)),
            PasswordCompared compared => Compared(state, compared),
            PasswordChecked check => new TrailStep(Checked(state, check)),
            SessionBegun => new TrailStep(state.With(seen) with { HasSession = true }),
            SignInChecked or SecondFactorChecked or ChangesFailed or AccountSeen => new TrailStep(state.With(seen)),
            SignInMeasured measured => SignIns.Measured(state, measured),
            TokenSeen { IsAsked: true } token => Asked(state, token, SecurityEvents.AuthnPasswordResetRequested),
            TokenSeen { Confirms: true } token when state is { IsRequest: true, HasCreated: false } => Asked(state, token, SecurityEvents.UserConfirmationRequested),
            TokenSeen token => new TrailStep(token.AllowsReset ? Working(state).With(token) : Working(state)),
            AccountSaving saving => new TrailStep(Saving(state, saving)),
            AccountMeasured measured => Accounts.Measured(state, measured),
            AccountWriting writing => Writing(state, writing),
            ChangesWritten => new TrailStep(Working(state).With(seen)),
            ChangeMade made => HeldChanges.Made(state, made),
            Answered answered => Answers.Decide(new TrailStep(state with { IsOver = answered.IsLast }), answered),
            _ => throw new ArgumentOutOfRangeException(nameof(seen), seen, message: "A hook saw what the machine does not know."),
        };

        // After its end nothing more will say what a sign-in is to be told from.
        return step.State is { IsOver: true, IsRequest: true } && seen is SignInMeasured
            ? SignIns.Conclude(step)
            : step;
    }

    private static TrailState LookedUp(TrailState state, NameLookedUp lookedUp)
    {
        // Identity looks up the accounts that it is working on, to keep their normalized columns up to date.
        var isKnown = state.Open.Exists(seen => seen switch
        {
            PasswordCompared compared => TrailState.IsOf(lookedUp, compared.Account),
            AccountSaving saving => TrailState.IsOf(lookedUp, saving.Account),
            SessionBegun { Account: { } account } => TrailState.IsOf(lookedUp, account),
            _ => false,
        });
        return isKnown || state.Challenged.Any(account => TrailState.IsOf(lookedUp, account)) ? state : state.With(lookedUp);
    }

    private static TrailState Loaded(TrailState state, AuditUser account)
    {
        foreach (var lookedUp in state.Seen<NameLookedUp>().Where(seen => seen.Account is null && TrailState.IsOf(seen, account)))
        {
            state = state.Replace(lookedUp, lookedUp with { Account = account with { Email = null } });
        }

        return state;
    }

    private static TrailStep Compared(TrailState state, PasswordCompared compared)
    {
        if (!state.IsRequest || state.IsOver)
        {
            // No end could tell a sign-in from a change of password; a wrong password is worth knowing either way.
            var step = new TrailStep(state);
            return compared.IsRight ? step
                : step.Record(SecurityEvents.AuthnLoginFail(compared.Account, SignInWords.WrongPassword).ByPassword());
        }

        var names = RefusedPasswords.Lookups(state);
        if (compared.Account.Name is null && names.Count == 1)
        {
            compared = compared with { Account = compared.Account with { Name = names[0].Account?.Name ?? names[0].Name } };
        }

        return new TrailStep(
            state.Without(seen => seen is NameLookedUp lookedUp && TrailState.IsOf(lookedUp, compared.Account)).With(compared));
    }

    private static TrailState Checked(TrailState state, PasswordChecked check) =>
        check.Result is "failure" && state.ChecksOwed > 0 ? state with { ChecksOwed = state.ChecksOwed - 1 }
        : check.IsRight || check.IsWrong || check.Result is "user_missing" ? state.With(check)
        : state;

    // Made for an account that there is; which, is told by its look-up alone, or inferred from what was loaded.
    private static TrailStep Asked(TrailState state, TokenSeen token, Func<AuditUser, SecurityEvent> made)
    {
        var step = new TrailStep(Working(state));
        return RefusedPasswords.Lookups(state) is [var name] ? step.Record(made(name.Account ?? new AuditUser(null, name.Name)))
            : token.Loaded is [var only] ? step.Record(KnownChanges.AsInferred(made(only)))
            : step.Record(made(SignInWords.Unnamed));
    }

    private static TrailState Saving(TrailState state, AccountSaving saving) => saving.IsLocked
        ? Locked(state, saving.Account).With(saving)
        : state.With(saving);

    private static TrailStep Writing(TrailState state, AccountWriting writing)
    {
        var key = TrailState.Key(writing.Account);
        if (!writing.Locks)
        {
            return new TrailStep(writing.Failures > 0 ? state with { Failures = state.Failures.SetItem(key, writing.Failures) } : state);
        }

        var isByFailure = Last(state, writing.Account) is { IsRight: false } || SecondFactors.Locks(state, writing.Account);
        return new TrailStep(isByFailure
            ? Locked(state, writing.Account) with { LocksWritten = state.LocksWritten.Add(key), Failures = state.Failures.Remove(key) }
            : state) { LocksByFailure = isByFailure };
    }

    private static TrailState Locked(TrailState state, AuditUser account) =>
        Last(state, account) is { IsRight: false } compared ? state.Replace(compared, compared with { Locks = true }) : state;

    private static PasswordCompared? Last(TrailState state, AuditUser account) =>
        state.Seen<PasswordCompared>().LastOrDefault(seen => TrailState.IsSame(seen.Account, account));

    private static TrailState Working(TrailState state) => state with { HasAccountWork = true };
}
