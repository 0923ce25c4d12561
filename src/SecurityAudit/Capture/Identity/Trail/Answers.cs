namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>
/// The request has its answer. What <c>SignInManager</c> has measured and could not be told apart is shared out; what an application
/// checked by itself, for a token of its own, is decided by how it answered.
/// </summary>
internal static class Answers
{
    public static TrailStep Decide(TrailStep step, Answered answered)
    {
        var isChecked = step.State.HasSignIn || step.State.Seen<SignInMeasured>().Any();
        step = SignIns.Conclude(step);
        var hadPassword = isChecked || step.State.Seen<PasswordCompared>().Any() || step.State.Seen<SignInChecked>().Any();
        step = Changes(step);
        step = Passwords(step, answered);
        step = Checks(step);
        step = Codes(step);
        step = Sessions(step);
        if (!hadPassword && !step.State.HasSignIn && answered.Status == StatusUnauthorized && step.State is { Caller: null, HasAccountWork: false })
        {
            step = Claimed(step, answered.IsAttempt);
        }

        return step with { State = step.State.Without(
            static seen => seen is not (AccountSaving or ChangesWritten or ChangesFailed or TokenSeen)) };
    }

    private const int StatusBadRequest = 400;
    private const int StatusUnauthorized = 401;

    // Nobody said that it was only a new hash of the same password.
    private static TrailStep Changes(TrailStep step)
    {
        foreach (var held in step.State.Seen<ChangeMade>())
        {
            step = step.Record(held.Change);
        }

        return step;
    }

    private static TrailStep Passwords(TrailStep step, Answered answered)
    {
        var isAgain = step.State.Caller is not null && !step.State.Seen<SessionBegun>().Any();
        foreach (var compared in step.State.Seen<PasswordCompared>())
        {
            var session = step.State.Seen<SessionBegun>()
                .FirstOrDefault(begun => begun.Account is { } account && TrailState.IsSame(account, compared.Account));
            if (isAgain)
            {
                step = Again(step, compared);
            }
            else if (!compared.IsRight)
            {
                step = Refused(step, compared, SignInWords.WrongPassword);
            }
            else if (session is not null)
            {
                step = step.Record(Success(step, session.Account!).ByPassword(session.Scheme)) with { State = step.State.Without(session) };
            }
            else if (!step.State.HasSession && !compared.MayBeChange)
            {
                step = answered.Status >= StatusBadRequest
                    ? Refused(step, compared, SignInWords.RightPassword)
                    : step.Record(Right(step, compared.Account, answered.Session));
            }

            step = WithoutLookups(step, compared.Account);
        }

        return step;
    }

    private static TrailStep Refused(TrailStep step, PasswordCompared compared, string reason)
    {
        step = step.Record(SecurityEvents.AuthnLoginFail(compared.Account, reason).ByPassword()) with { RefusesSignIn = true };
        return compared.Locks && !step.State.LocksWritten.Contains(TrailState.Key(compared.Account))
            ? step.Record(SecurityEvents.AuthnLoginLock(compared.Account, "maxretries"))
            : step;
    }

    // Where a session was issued meanwhile it is seen what the password was for; a token that the application makes by itself is not.
    private static SecurityEvent Right(TrailStep step, AuditUser account, (AuditUser Account, string Scheme)? session) =>
        session is { } begun && TrailState.IsSame(begun.Account, account)
            ? Success(step, account).ByPassword(begun.Scheme)
            : Success(step, account).ByPassword().Inferred();

    // The hasher alone is asked by a change of password, too, and by a history of passwords.
    private static TrailStep Again(TrailStep step, PasswordCompared compared)
    {
        if (compared.IsOwn)
        {
            return OwnAgain(step, compared);
        }

        var checks = step.State.Seen<PasswordChecked>(compared.At).Count(check => check.Result is "failure");
        var isClear = checks >= step.State.Seen<PasswordCompared>().Count(seen => !seen.IsRight);
        return compared.IsRight || checks == 0
            ? step
            : step.Record(SecurityEvents.AuthnLoginFail(isClear ? compared.Account : SignInWords.Unnamed, SignInWords.WrongPassword)
                .ByPassword().Again())
                with { State = step.State.Without(compared) };
    }

    // Without Identity nothing but the hasher is asked. Behind a right password a wrong one is of a history: the new one is no old one.
    private static TrailStep OwnAgain(TrailStep step, PasswordCompared compared)
    {
        if (compared.IsRight || step.State.Seen<PasswordCompared>(to: compared.At).Any(seen => seen.IsRight && IsOneAccount(seen, compared)))
        {
            return step;
        }

        var failed = SecurityEvents.AuthnLoginFail(compared.Account, SignInWords.WrongPassword).ByPassword();
        var isOwn = step.State.Caller is { } caller && TrailState.IsSame(caller, compared.Account);
        return step.Record(isOwn ? failed.Again() : failed);
    }

    private static bool IsOneAccount(PasswordCompared one, PasswordCompared other) =>
        TrailState.IsSame(one.Account, other.Account) || TrailState.Key(one.Account) == TrailState.Key(other.Account);

    // Checks that compared no hash: the account is locked, not confirmed, or has no password; or there is none.
    private static TrailStep Checks(TrailStep step)
    {
        var compared = step.State.Seen<PasswordCompared>().ToList();
        var locks = compared.Count(seen => seen.Locks);
        var missing = step.State.Seen<PasswordChecked>().Count(seen => seen.Result is "user_missing");
        List<string> reasons =
        [
            .. step.State.Seen<SignInChecked>().Where(seen => seen.Result is "locked_out").Skip(locks)
                .Select(seen => SignInWords.Reason(seen.Result)!),
            .. step.State.Seen<SignInChecked>().Where(seen => seen.Result is "not_allowed")
                .Select(seen => SignInWords.Reason(seen.Result)!),
            .. Enumerable.Repeat(step.State.ReasonWithoutHash, step.State.ChecksWithoutHash),
        ];
        var names = RefusedPasswords.Lookups(step.State);
        var isClear = names.Count == reasons.Count + missing && (missing == 0 || reasons.Count == 0)
            && reasons.Distinct(StringComparer.Ordinal).Count() <= 1;
        var isAgain = step.State.Caller is not null;
        for (var index = 0; index < reasons.Count + missing; index++)
        {
            var name = isClear ? names[index] : null;
            var failed = index < reasons.Count
                ? SecurityEvents.AuthnLoginFail(name?.Account ?? new AuditUser(null, name?.Name), reasons[index])
                : SecurityEvents.AuthnLoginFail(AuditUser.Claimed(name?.Name), SignInWords.UnknownUser);
            step = step.Record(isAgain ? failed.ByPassword().Again() : failed.ByPassword()) with { RefusesSignIn = true };
        }

        return step with { State = step.State with { HasSignIn = step.State.HasSignIn || reasons.Count + missing > 0 } };
    }

    // Somebody who is signed in gave a code, to switch a second factor on or to confirm something; those of a sign-in are explained by it.
    private static TrailStep Codes(TrailStep step)
    {
        if (step.State.Caller is not { } caller)
        {
            return step;
        }

        foreach (var check in step.State.Seen<SecondFactorChecked>().Where(seen => !seen.IsRight))
        {
            step = step.Record((SecurityEvents.AuthnMfaFail(caller) with { Reason = SignInWords.WrongCode }).Again());
        }

        return step;
    }

    private static TrailStep Sessions(TrailStep step)
    {
        foreach (var session in step.State.Seen<SessionBegun>())
        {
            step = step.Record(SignInWords.Directly(session.Account ?? SignInWords.Unnamed, session.Scheme))
                with { State = step.State with { HasSignIn = true } };
        }

        return step;
    }

    // The application looked for an account and refused: of what it knew no more than the name was seen, and not what it looked for.
    private static TrailStep Claimed(TrailStep step, bool isAttempt)
    {
        var names = RefusedPasswords.Lookups(step.State);
        if (names.Count == 0)
        {
            return step;
        }

        var account = names is [var one] ? one.Account ?? AuditUser.Claimed(one.Name)
            : names.Exists(name => name.Account is not null) ? SignInWords.Unnamed
            : AuditUser.Claimed(null);
        return isAttempt
            ? step.Record(SecurityEvents.AuthnLoginFail(account, SignInWords.LookedUp).Inferred()) with { RefusesSignIn = true }
            : step with { State = step.State with { Refused = account } };
    }

    private static SecurityEvent Success(TrailStep step, AuditUser user) =>
        SignInWords.Success(user, step.State.Failures.GetValueOrDefault(TrailState.Key(user)));

    private static TrailStep WithoutLookups(TrailStep step, AuditUser account) =>
        step with { State = step.State.Without(seen => seen is NameLookedUp lookedUp && TrailState.IsOf(lookedUp, account)) };
}
