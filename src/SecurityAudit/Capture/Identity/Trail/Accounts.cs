using System.Collections.Immutable;

namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>
/// What <c>UserManager</c> did with accounts. Its measurement says what, but not with whose: that is told by the account that was saved, or
/// whose password was asked for, in its time. Where that is more than one account, the event names none.
/// </summary>
internal static class Accounts
{
    public static TrailStep Measured(TrailState state, AccountMeasured measured)
    {
        switch (measured.Purpose)
        {
            case "password_rehash":
                return HeldChanges.Rehashed(state, measured, Saved(state, measured) is [var account] ? account : null);
            case null when measured.Operation == AccountOperation.Update:
            case "increment_access_failed" or "reset_access_failed_count" or "redeem_two_factor_recovery_code":
            case "set_authentication_token" or "remove_authentication_token":
                return new TrailStep(state);
        }

        if (measured is { Operation: AccountOperation.Create, Succeeded: true })
        {
            state = state with { HasCreated = true };
        }

        if (measured.Code is "PasswordMismatch")
        {
            return Mistyped(state, measured) is [var compared] && IsBare(state, compared)
                ? Mistake(new TrailStep(state), measured, compared)
                : new TrailStep((state.IsRequest ? state.With(measured) : state) with { HasAccountWork = true })
                    is var waiting && state.IsRequest ? waiting : Mistake(waiting, measured, compared: null);
        }

        var saved = IsSaved(measured) ? Saved(state, measured) : [];
        var target = saved.Count == 0 ? Known(state, measured) : saved is [var one] ? one : null;
        var step = new TrailStep(AskedFor(state, measured, saved));
        step = HeldChanges.Measured(step, measured, target);
        if (!measured.Succeeded)
        {
            step = Refused(step, state, measured, target);
        }
        else if (IsNews(step.State, measured, target))
        {
            var saving = step.State.Seen<AccountSaving>(measured.Earliest, measured.At)
                .LastOrDefault(saving => target is not null && TrailState.IsSame(saving.Account, target));
            step = KnownChanges.Done(state, measured, target, saving).Aggregate(step, static (now, made) => now.Record(made));
        }
        else if (target is null)
        {
            return step with { State = Shared(step.State, measured) };
        }

        return step with { State = KnownChanges.Told(Reported(step.State, measured, target), measured, target) };
    }

    public static bool IsPassword(AccountMeasured measured) =>
        measured.Purpose is "change_password" or "reset_password" or "add_password" or "remove_password";

    /// <summary>The different accounts that were about to be saved while it ran.</summary>
    private static List<AuditUser> Saved(TrailState state, AccountMeasured measured) =>
        [.. state.Seen<AccountSaving>(measured.Earliest, measured.At).Select(saving => saving.Account).DistinctBy(TrailState.Key)];

    // Refused for these reasons it did not come to the account's saving: what was saved in its time was another's.
    private static bool IsSaved(AccountMeasured measured) => measured.Code is null
        or "ConcurrencyFailure" or "InvalidUserName" or "DuplicateUserName" or "InvalidEmail" or "DuplicateEmail"
        || !(IsPassword(measured) || measured.Code.StartsWith("Password", StringComparison.Ordinal)
            || measured.Code is "InvalidToken" or "RecoveryCodeRedemptionFailed" or "LoginAlreadyAssociated" or "UserAlreadyHasPassword"
                or "UserLockoutNotEnabled" or "UserAlreadyInRole" or "UserNotInRole");

    // Changing a password and a history of passwords ask the hasher too: that is no sign-in.
    private static TrailState AskedFor(TrailState state, AccountMeasured measured, List<AuditUser> saved)
    {
        if (!IsPassword(measured) && measured.Operation == AccountOperation.Update)
        {
            return state;
        }

        var asked = state.Seen<PasswordCompared>(measured.Earliest, measured.At)
            .Where(compared => saved.Count == 0 || saved.Exists(account => TrailState.IsSame(account, compared.Account)))
            .Where(compared => IsBare(state, compared) || (compared.IsRight && saved.Count > 0)).ToList();
        return saved.Count > 1
            ? asked.FindAll(compared => compared.IsRight)
                .Aggregate(state, static (now, compared) => now.Replace(compared, compared with { MayBeChange = true }))
            : state.Without(asked.Contains);
    }

    /// <summary>Changes of a password with the wrong old one that can be told apart by their time alone.</summary>
    public static TrailStep ConcludeApart(TrailStep step)
    {
        var signIns = step.State.Seen<SignInMeasured>().Where(measured => measured.Type is "password").ToList();
        foreach (var measured in step.State.Seen<AccountMeasured>())
        {
            var apart = Mistyped(step.State, measured)
                .FindAll(compared => !signIns.Exists(signIn => compared.At >= SignIns.From(signIn) && compared.At <= signIn.At));
            if (apart is [var compared] && IsBare(step.State, compared))
            {
                step = Mistake(step with { State = step.State.Without((Sighting)measured) }, measured, compared);
            }
        }

        return step;
    }

    /// <summary>Those that are left: without a name where more than one wrong password could be meant.</summary>
    public static TrailStep Conclude(TrailStep step)
    {
        foreach (var measured in step.State.Seen<AccountMeasured>())
        {
            var compared = Mistyped(step.State, measured);
            step = step with { State = step.State.Without((Sighting)measured) };
            var isClear = compared is [var one] && IsBare(step.State, one);
            if (!isClear && compared.Count > 0)
            {
                var others = compared.ConvertAll(seen => seen with { Account = SignInWords.Unnamed });
                step = step with { State = compared.Zip(others)
                    .Aggregate(step.State, (now, both) => now.Replace(both.First, both.Second)) };
                compared = others;
            }

            step = Mistake(step, measured, compared.FirstOrDefault());
        }

        return step;
    }

    /// <summary>How many changes of a password, not told apart yet, may have asked for one of these comparisons.</summary>
    public static int Waiting(TrailState state, List<PasswordCompared> compared) =>
        state.Seen<AccountMeasured>().Count(measured => compared.Exists(seen => seen.At >= measured.Earliest && seen.At <= measured.At));

    private static TrailStep Mistake(TrailStep step, AccountMeasured measured, PasswordCompared? compared) =>
        step.Record(AccountWords.Refused(measured, compared?.Account))
        with { State = (compared is null ? step.State : step.State.Without((Sighting)compared)) with { HasAccountWork = true } };

    // It locks nobody.
    private static List<PasswordCompared> Mistyped(TrailState state, AccountMeasured measured) =>
        [.. state.Seen<PasswordCompared>(measured.Earliest, measured.At).Where(compared => compared is { IsRight: false, Locks: false })];

    // No check of a password was told that it could belong to.
    private static bool IsBare(TrailState state, PasswordCompared compared) => !state.Seen<PasswordChecked>(compared.At)
        .Any(check => compared.IsRight ? check.IsRight : check.Result is "failure");

    // Where a token was refused the account was looked up by name; elsewhere the name that was looked up may be a role's.
    private static AuditUser? Known(TrailState state, AccountMeasured measured) =>
        measured is { Purpose: "reset_password", Code: "InvalidToken" } && RefusedPasswords.Lookups(state, to: measured.At) is [var name]
            ? name.Account ?? new AuditUser(null, name.Name)
            : state.Seen<AccountSeen>(measured.Earliest, measured.At).Select(seen => seen.Account).DistinctBy(TrailState.Key).ToList() is [var seen] ? seen
            : null;

    private static TrailStep Refused(TrailStep step, TrailState before, AccountMeasured measured, AuditUser? target)
    {
        // The database's own failure is recorded already, with values.
        if (step.State.Seen<ChangesFailed>(measured.Earliest, measured.At).Any()
            && (measured.Code is "ConcurrencyFailure" || measured.Result is null))
        {
            return step;
        }

        // The name of an account that is refused its new one is the typed one, unless the account was seen under it before.
        var isTyped = target?.Name is { } name && !IsName(before.Caller, name)
            && !before.Seen<NameLookedUp>().Any(seen => IsName(seen.Account, name))
            && !before.Seen<PasswordCompared>().Any(seen => IsName(seen.Account, name));
        if (target is null && measured.Loaded is [var only])
        {
            // UserManager did not say whose account it refused to change; the request had loaded this one alone.
            return step.Record(KnownChanges.AsInferred(AccountWords.Refused(measured, only)));
        }

        return step.Record(KnownChanges.Refused(AccountWords.Refused(measured, isTyped ? target! with { Exists = false } : target), target));
    }

    private static bool IsName(AuditUser? user, string name) => user is not null
        && string.Equals(user.Name, name, StringComparison.Ordinal);

    // Entity Framework Core may be there and still see no difference: an account that was attached, not loaded, has no "before".
    private static bool IsNews(TrailState state, AccountMeasured measured, AuditUser? target)
    {
        if (!measured.IsCovered)
        {
            return true;
        }

        if (!state.IsRequest || measured.Operation != AccountOperation.Update)
        {
            return false;
        }

        return !state.Seen<ChangesWritten>(measured.Earliest, measured.At)
            .Any(written => target is null || written.Accounts.Any(account => TrailState.IsSame(account, target)));
    }

    private static TrailState Reported(TrailState state, AccountMeasured measured, AuditUser? target) => state.Without(
        seen => seen.At >= measured.Earliest && seen.At <= measured.At && seen switch
        {
            AccountSaving saving => target is not null && TrailState.IsSame(saving.Account, target),
            ChangesWritten written => target is not null && written.Accounts.All(account => TrailState.IsSame(account, target)),
            ChangesFailed => true,
            _ => false,
        }) with { HasAccountWork = true };

    // Of several operations at once the database has told of one, this or another: that one is explained, and what the others did is not
    // known.
    private static TrailState Shared(TrailState state, AccountMeasured measured)
    {
        if (state.Seen<ChangesWritten>(measured.Earliest, measured.At).FirstOrDefault() is not { } written)
        {
            return state; // outside of requests nothing is kept: the database's event has said it
        }

        state = state.Without(written).Without(seen => seen is AccountSaving saving && seen.At >= measured.Earliest && seen.At <= measured.At
            && written.Accounts.Any(account => TrailState.IsSame(account, saving.Account)));
        return state.Seen<AccountSaving>(measured.Earliest, measured.At).ToList()
            .Aggregate(state, (now, saving) => now.Replace(saving, saving with { IsMixed = true })) with { HasAccountWork = true };
    }
}
