namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>
/// Sign-ins with a password that <c>SignInManager</c> refused. A hash that was compared tells the account; a name that nobody has leaves no check
/// of a password; of a locked account only its look-up was seen.
/// </summary>
internal static class RefusedPasswords
{
    /// <summary>Null as long as more than one could be meant, or somebody else's sighting could still turn out to be.</summary>
    public static TrailStep? Decided(TrailStep step, SignInMeasured measured)
    {
        var (state, from) = (step.State, SignIns.From(measured));
        var compared = state.Seen<PasswordCompared>(from, measured.At).ToList();
        var wrong = compared.FindAll(seen => !seen.IsRight && seen.Locks == measured.Result is "locked_out");
        var names = Lookups(state, from, measured.At).FindAll(seen => seen.Account is null);
        var checks = state.Seen<SignInChecked>(from, measured.At).Count(check => check.Result == measured.Result);
        return measured.Result switch
        {
            "failure" when checks == 0 && names.Count == 1 && !compared.Exists(seen => !seen.IsRight) => Unknown(step, measured, names[0]),
            "failure" when checks <= 1 && names.Count == 0 && wrong.Count == 1 => Wrong(step, measured, wrong[0]),
            "locked_out" when checks <= 1 && wrong.Count == 1 => Wrong(step, measured, wrong[0]),
            null when names.Count == 0 && compared.Count == 1 => Wrong(step, measured, compared[0]),
            _ => null,
        };
    }

    /// <summary>All have ended: what was seen of all of them together is shared out, without a name where it fits more than one.</summary>
    public static TrailStep Conclude(TrailStep step)
    {
        step = ConcludeWrong(ConcludeWrong(step, "locked_out"), "failure");
        var unknown = Pending(step.State).FindAll(measured => measured.Result is "failure" && !IsChecked(step.State, measured));
        step = Named(step, unknown, seen => seen.Account is null, Unknown);
        var rest = Pending(step.State);
        // A check in the time of two that failed is of one of them; the other's name may be nobody's.
        var isMixed = rest.Count(IsFailure) > step.State.Seen<SignInChecked>().Count(check => check.Result is "failure");
        return Named(step, rest, static _ => true, (now, measured, name) => Unseen(now, measured, isMixed && IsFailure(measured) ? null : name, isMixed));
    }

    // Every wrong password that was compared is one; which of the measurements is whose makes no difference but for the scheme.
    private static TrailStep ConcludeWrong(TrailStep step, string result)
    {
        var pending = Pending(step.State).FindAll(measured => measured.Result == result);
        var wrong = step.State.Seen<PasswordCompared>()
            .Where(seen => !seen.IsRight && (seen.Locks || result is "failure"))
            .Where(seen => pending.Exists(measured => seen.At >= SignIns.From(measured) && seen.At <= measured.At))
            .OrderBy(seen => seen.Locks && result is "failure").ToList();
        var checks = step.State.Seen<SignInChecked>()
            .Where(check => check.Result == result && pending.Exists(measured => check.At >= SignIns.From(measured) && check.At <= measured.At)).Count();
        // An application's own SignInManager may check without telling; a look-up then leaves open what it was for.
        var isTold = checks > 0 || pending.Exists(measured => Lookups(step.State, SignIns.From(measured), measured.At).Count > 0);
        var count = Math.Min(Math.Min(pending.Count, wrong.Count), isTold ? checks : pending.Count);
        var isClear = wrong.Count == count && SignIns.AreAlike(pending);
        for (var index = 0; index < count; index++)
        {
            // The earliest that can be its own, so that none is left without.
            var compared = wrong[index];
            var measured = Pending(step.State).Find(seen => seen.Result == result && compared.At >= SignIns.From(seen) && compared.At <= seen.At)
                ?? Pending(step.State).First(seen => seen.Result == result);
            step = Wrong(step, isClear ? measured : measured with { Scheme = null }, compared, measured);
        }

        return step;
    }

    private static TrailStep Named(
        TrailStep step, List<SignInMeasured> pending, Func<NameLookedUp, bool> fits, Func<TrailStep, SignInMeasured, NameLookedUp?, TrailStep> record)
    {
        for (var index = 0; index < pending.Count;)
        {
            var measured = pending[index];
            var others = pending.Where(other => !ReferenceEquals(other, measured) && other.Started <= measured.At && measured.Started <= other.At);
            var names = Candidates(step.State, measured, fits);
            if (names.Count == 1 && !others.Any(other => Candidates(step.State, other, fits).Exists(name => IsSame(name, names[0]))))
            {
                step = record(step, measured, names[0]);
                pending.RemoveAt(index);
                index = 0;
                continue;
            }

            index++;
        }

        var left = pending.SelectMany(measured => Candidates(step.State, measured, fits)).DistinctBy(NameOf).ToList();
        var isClear = left.Count == pending.Count && SignIns.AreAlike(pending);
        for (var index = 0; index < pending.Count; index++)
        {
            step = record(step, pending[index], isClear ? left[index] : null);
        }

        return step;
    }

    // A name that nobody has is looked up while its sign-in runs; an account that is there is looked up before. Of those the database knows most.
    private static List<NameLookedUp> Candidates(TrailState state, SignInMeasured measured, Func<NameLookedUp, bool> fits)
    {
        var isUnknown = measured.Result is "failure" && !IsChecked(state, measured);
        var names = Lookups(state, isUnknown ? SignIns.From(measured) : long.MinValue, measured.At).FindAll(name => fits(name));
        return !isUnknown && names.Exists(name => name.Account is not null) ? names.FindAll(name => name.Account is not null) : names;
    }

    private static TrailStep Wrong(TrailStep step, SignInMeasured measured, PasswordCompared compared) => Wrong(step, measured, compared, measured);

    private static TrailStep Wrong(TrailStep step, SignInMeasured said, PasswordCompared compared, SignInMeasured measured)
    {
        var reason = SignInWords.Reason(measured.Result, measured.Exception)
            ?? (compared.IsRight ? SignInWords.RightPassword : SignInWords.WrongPassword);
        step = step.Record(SecurityEvents.AuthnLoginFail(compared.Account, reason).By(said));
        if (measured.Result is "locked_out" && !step.State.LocksWritten.Contains(TrailState.Key(compared.Account)))
        {
            step = step.Record(SecurityEvents.AuthnLoginLock(compared.Account, "maxretries"));
        }

        return SignIns.Explained(step, measured, compared.Account, compared);
    }

    private static TrailStep Unknown(TrailStep step, SignInMeasured measured, NameLookedUp? name) => Explained(
        step.Record(SecurityEvents.AuthnLoginFail(AuditUser.Claimed(name?.Name), SignInWords.UnknownUser).By(measured)), measured, name);

    // Nothing was seen of the account but perhaps its look-up.
    private static TrailStep Unseen(TrailStep step, SignInMeasured measured, NameLookedUp? name, bool isMixed)
    {
        var from = SignIns.From(measured);
        var right = step.State.Seen<PasswordCompared>(from, measured.At).Where(compared => compared.IsRight).ToList();
        if (IsFailure(measured) && !isMixed && right.Count == 1)
        {
            return Wrong(step, measured, right[0]);
        }

        var withoutPassword = IsFailure(measured)
            ? step.State.Seen<PasswordChecked>(from, measured.At).FirstOrDefault(check => check.Result is not "user_missing")
            : null;
        var reason = SignInWords.Reason(measured.Result, measured.Exception)
            ?? (isMixed || withoutPassword is null ? SignInWords.Refused : SignInWords.NoPassword);
        var user = name?.Account ?? (measured.Result is null ? AuditUser.Claimed(name?.Name) : new AuditUser(null, name?.Name));
        step = Explained(step.Record(SecurityEvents.AuthnLoginFail(user, reason).By(measured)), measured, name);
        return withoutPassword is null ? step : step with { State = step.State.Without(withoutPassword) };
    }

    private static TrailStep Explained(TrailStep step, SignInMeasured measured, NameLookedUp? name)
    {
        step = SignIns.Explained(step, measured, account: null);
        return name is null ? step : step with { State = step.State.Without(seen => seen is NameLookedUp other && IsSame(other, name)) };
    }

    private static List<SignInMeasured> Pending(TrailState state) =>
        [.. state.Seen<SignInMeasured>().Where(measured => measured is { Type: "password", Result: not "success" and not "requires_two_factor" })];

    private static bool IsFailure(SignInMeasured measured) => measured.Result is "failure";

    /// <summary><c>SignInManager</c> checked the account, so there is one.</summary>
    private static bool IsChecked(TrailState state, SignInMeasured measured) =>
        state.Seen<SignInChecked>(SignIns.From(measured), measured.At).Any(check => check.Result == measured.Result);

    /// <summary>The different names that were looked up and that nothing explains.</summary>
    public static List<NameLookedUp> Lookups(TrailState state, long from = long.MinValue, long to = long.MaxValue) =>
        [.. state.Seen<NameLookedUp>(from, to).DistinctBy(NameOf)];

    private static string NameOf(NameLookedUp seen) => seen.Account is { } account ? TrailState.Key(account) : seen.Name.ToUpperInvariant();

    private static bool IsSame(NameLookedUp one, NameLookedUp other) => NameOf(one) == NameOf(other);
}
