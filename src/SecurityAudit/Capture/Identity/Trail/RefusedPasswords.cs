using System.Collections.Immutable;

namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>
/// Sign-ins with a password that <c>SignInManager</c> refused. A hash that was compared tells the account; a name that nobody has leaves no
/// check of a password; of a locked account only its look-up was seen.
/// </summary>
internal static class RefusedPasswords
{
    // Of more at once the ways to share the names out are not counted.
    private const int MostNamed = 8;

    /// <summary>Null as long as more than one could be meant, or somebody else's sighting could still turn out to be.</summary>
    public static TrailStep? Decided(TrailStep step, SignInMeasured measured)
    {
        var (state, from) = (step.State, SignIns.From(measured));
        var compared = state.Seen<PasswordCompared>(from, measured.At).ToList();
        var wrong = compared.FindAll(seen => !seen.IsRight);
        var checks = state.Seen<SignInChecked>(from, measured.At).Count(check => check.Result == measured.Result);
        var names = Lookups(state, from, measured.At).FindAll(seen => seen.Account is null);
        if (measured.Result is "failure" && checks == 0 && names.Count == 1 && wrong.Count == 0)
        {
            return Unknown(step, measured, names[0]);
        }

        // A name that nothing explains may be of somebody whose sign-in is under way.
        return measured.Result switch
        {
            _ when state.HasLookups => null,
            "failure" when checks <= 1 && wrong is [{ Locks: false }] => Wrong(step, measured, wrong[0]),
            "locked_out" when checks <= 1 && wrong is [{ Locks: true }] => Wrong(step, measured, wrong[0]),
            null when compared.Count == 1 => Wrong(step, measured, compared[0]),
            _ => null,
        };
    }

    /// <summary>All have ended: what was seen of all of them together is shared out, without a name where it fits more than one.</summary>
    public static TrailStep Conclude(TrailStep step)
    {
        var without = Pending(step.State).FindAll(measured => IsFailure(measured) && !IsChecked(step.State, measured));
        step = ConcludeWrong(step, "locked_out");
        step = Accounts.ConcludeApart(step);
        step = ConcludeWrong(step, "failure");
        var unknown = Pending(step.State).FindAll(without.Contains);
        step = Named(step, unknown, static (state, measured) =>
            Lookups(state, SignIns.From(measured), measured.At).FindAll(name => name.Account is null), Unknown);
        var rest = Pending(step.State);
        // A check in the time of two that failed is of one of them; the other's name may be nobody's.
        var isMixed = rest.Count(IsFailure) > step.State.Seen<SignInChecked>().Count(check => check.Result is "failure");
        step = Named(step, rest, Existing, (now, measured, name) =>
            Unseen(now, measured, isMixed && IsFailure(measured) ? null : name, isMixed));
        return Accounts.Conclude(step);
    }

    // Every wrong password that was compared is one; which of the measurements is whose makes no difference but for the scheme.
    private static TrailStep ConcludeWrong(TrailStep step, string result)
    {
        // Without a check of SignInManager it was a name that nobody has; an application's own SignInManager leaves neither check nor name.
        var pending = Pending(step.State).FindAll(measured => measured.Result == result
            && (IsChecked(step.State, measured) || Lookups(step.State, SignIns.From(measured), measured.At).Count == 0));
        var wrong = step.State.Seen<PasswordCompared>()
            .Where(seen => !seen.IsRight && (seen.Locks || result is "failure"))
            .Where(seen => pending.Exists(measured => seen.At >= SignIns.From(measured) && seen.At <= measured.At))
            .OrderBy(seen => seen.Locks && result is "failure").ToList();
        var changes = Accounts.Waiting(step.State, wrong.FindAll(seen => !seen.Locks));
        var count = Math.Min(pending.Count, Math.Max(0, wrong.Count - changes));
        var isClear = wrong.Count == count && SignIns.AreAlike(pending);
        if (changes > 0 && count > 0)
        {
            step = step with { State = wrong.Aggregate(
                step.State, (now, seen) => now.Replace(seen, seen with { Account = SignInWords.Unnamed })) };
            wrong = [.. step.State.Seen<PasswordCompared>()
                .Where(seen => ReferenceEquals(seen.Account, SignInWords.Unnamed) && !seen.IsRight)];
        }

        for (var index = 0; index < count; index++)
        {
            var compared = wrong[index];
            // The latest that began before: it has the least to choose from.
            var measured = pending.FindAll(seen => compared.At >= SignIns.From(seen) && compared.At <= seen.At).MaxBy(seen => seen.Started)
                ?? pending[0];
            pending.Remove(measured);
            step = Wrong(step, isClear ? measured : measured with { Scheme = null }, compared, measured);
        }

        return step;
    }

    // The names are given where there is one way alone to give each its own; where it makes no difference which is whose, any way will do.
    private static TrailStep Named(
        TrailStep step, List<SignInMeasured> pending, Func<TrailState, SignInMeasured, List<NameLookedUp>> candidates,
        Func<TrailStep, SignInMeasured, NameLookedUp?, TrailStep> record)
    {
        var names = pending.ConvertAll(measured => candidates(step.State, measured));
        var isMatch = names.SelectMany(static each => each).DistinctBy(NameOf).Count() == pending.Count;
        var ways = isMatch && pending.Count <= MostNamed ? Ways(names, []).Take(2).ToList() : [];
        var way = ways.Count == 1 || (ways.Count > 1 && SignIns.AreAlike(pending)) ? ways[0] : null;
        for (var index = 0; index < pending.Count; index++)
        {
            step = record(step, pending[index], way?[index]);
        }

        return step;
    }

    private static IEnumerable<ImmutableList<NameLookedUp>> Ways(List<List<NameLookedUp>> names, ImmutableList<NameLookedUp> given) =>
        given.Count == names.Count
            ? [given]
            : names[given.Count].Where(name => !given.Exists(other => IsSame(name, other)))
                .SelectMany(name => Ways(names, given.Add(name)));

    // An account that is there was looked up before its sign-in began. Of those the database knows most.
    private static List<NameLookedUp> Existing(TrailState state, SignInMeasured measured)
    {
        var names = Lookups(state, to: measured.Started);
        return names.Exists(name => name.Account is not null) ? names.FindAll(name => name.Account is not null) : names;
    }

    private static TrailStep Wrong(TrailStep step, SignInMeasured measured, PasswordCompared compared) =>
        Wrong(step, measured, compared, measured);

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

    private static TrailStep Unknown(TrailStep step, SignInMeasured measured, NameLookedUp? name)
    {
        // A password that was compared meanwhile, and that nothing explains, may be this one's, in a SignInManager of the application's
        // own.
        var isOpen = step.State.Seen<PasswordCompared>(SignIns.From(measured), measured.At).Any(compared => !compared.IsRight);
        var failed = SecurityEvents.AuthnLoginFail(AuditUser.Claimed(name?.Name), isOpen ? SignInWords.Refused : SignInWords.UnknownUser);
        step = step.Record(failed.By(measured)) with { State = step.State.Without(measured) with { HasSignIn = true } };
        return WithoutName(step, name);
    }

    // Nothing was seen of the account but perhaps its look-up.
    private static TrailStep Unseen(TrailStep step, SignInMeasured measured, NameLookedUp? name, bool isMixed)
    {
        var from = SignIns.From(measured);
        var right = step.State.Seen<PasswordCompared>(from, measured.At).Where(compared => compared.IsRight).ToList();
        if (IsFailure(measured) && !isMixed && right.Count == 1 && step.State.ChecksWithoutHash == 0)
        {
            return Wrong(step, measured, right[0]);
        }

        var checks = IsFailure(measured) ? step.State.Seen<PasswordChecked>().Where(check => check.IsWrong).ToList() : [];
        var check = checks.Find(check => check.At >= from && check.At <= measured.At) ?? checks.FirstOrDefault();
        var reason = SignInWords.Reason(measured.Result, measured.Exception)
            ?? (isMixed || check is null || step.State.ChecksWithoutHash == 0 ? SignInWords.Refused : step.State.ReasonWithoutHash);
        var user = name?.Account ?? (measured.Result is null ? AuditUser.Claimed(name?.Name) : new AuditUser(null, name?.Name));
        step = SignIns.Explained(step.Record(SecurityEvents.AuthnLoginFail(user, reason).By(measured)), measured, account: null, check);
        return WithoutName(step, name);
    }

    private static TrailStep WithoutName(TrailStep step, NameLookedUp? name) =>
        name is null ? step : step with { State = step.State.Without(seen => seen is NameLookedUp other && IsSame(other, name)) };

    private static List<SignInMeasured> Pending(TrailState state) =>
        [.. state.Seen<SignInMeasured>()
            .Where(measured => measured is { Type: "password", Result: not "success" and not "requires_two_factor" })];

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
