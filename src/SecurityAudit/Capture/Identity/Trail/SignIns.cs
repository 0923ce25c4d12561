using System.Diagnostics;

namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>
/// Sign-ins through <c>SignInManager</c>, whose measurement says what happened but not to whom. What was seen while the sign-in ran tells
/// whose it was. Where two ran at once it waits until they can be told apart, at the latest for the answer.
/// </summary>
internal static class SignIns
{
    // Of what was seen before it ended nothing may be open any longer; then its beginning is as much too late as it was noticed late.
    private static readonly long Slack = Stopwatch.Frequency / 1000;

    public static long From(SignInMeasured measured) => measured.Earliest - Slack;

    public static TrailStep Measured(TrailState state, SignInMeasured measured)
    {
        if (!state.IsRequest)
        {
            // Nobody is signed in outside of a request; a wrong password was recorded when it was compared.
            return new TrailStep(state);
        }

        var step = Settle(new TrailStep(state.With(measured)));
        return step with { RefusesSignIn = !IsRenewal(measured) && measured.Result is not "success" };
    }

    /// <summary>Decides what can be told from everything else.</summary>
    public static TrailStep Settle(TrailStep step)
    {
        for (var decided = true; decided;)
        {
            decided = false;
            foreach (var measured in step.State.Seen<SignInMeasured>())
            {
                if (Decided(step, measured) is { } next)
                {
                    (step, decided) = (next, true);
                    break;
                }
            }
        }

        return step;
    }

    /// <summary>Nothing more will come that tells them apart: says of each what is true of it whoever's it was.</summary>
    public static TrailStep Conclude(TrailStep step)
    {
        step = ConcludeSessions(step);
        step = ConcludeChallenges(step);
        return RefusedPasswords.Conclude(step);
    }

    public static bool IsPending(SignInMeasured measured, string result) => !IsRenewal(measured) && measured.Result == result;

    private static bool IsRenewal(SignInMeasured measured) => measured.Type is null or "_OTHER" or "refresh";

    private static TrailStep? Decided(TrailStep step, SignInMeasured measured) => measured switch
    {
        _ when IsRenewal(measured) => Renewed(step, measured),
        { Result: "success" } => Succeeded(step, measured),
        { Result: "requires_two_factor" } => Challenged(step, measured),
        { Type: "password" } => RefusedPasswords.Decided(step, measured),
        _ => SecondFactors.Refused(step, measured),
    };

    // RefreshSignInAsync renews the session of somebody who is signed in already.
    private static TrailStep? Renewed(TrailStep step, SignInMeasured measured)
    {
        var sessions = step.State.Seen<SessionBegun>(From(measured), measured.At).ToList();
        var renewed = sessions.Count == 1
            ? sessions[0]
            : sessions.Find(session => session.Account is { } account && step.State.Caller is { } caller
                && TrailState.IsSame(account, caller));
        return sessions.Count == 0 ? step with { State = step.State.Without(measured) }
            : renewed is null ? null
            : step with { State = step.State.Without(measured).Without(renewed) };
    }

    private static TrailStep? Succeeded(TrailStep step, SignInMeasured measured)
    {
        var sessions = step.State.Seen<SessionBegun>(From(measured), measured.At).ToList();
        var right = Right(step.State, measured);
        if (sessions.Count > 1 && measured.Type is "password")
        {
            sessions.RemoveAll(session => !right.Exists(compared => IsOf(session, compared.Account)));
        }

        if (sessions.Count == 0)
        {
            // A SignInManager that an application derived may begin the session by itself.
            return right.DistinctBy(compared => TrailState.Key(compared.Account)).Count() > 1
                ? null
                : Success(step, measured, session: null, right.FirstOrDefault()?.Account ?? measured.Principal ?? SignInWords.Unnamed);
        }

        return sessions.Count == 1 || (sessions[0].Account is { } account && sessions.TrueForAll(session => IsOf(session, account)))
            ? Success(step, measured, sessions[0], sessions[0].Account ?? right.FirstOrDefault()?.Account ?? SignInWords.Unnamed)
            : null;
    }

    private static TrailStep? Challenged(TrailStep step, SignInMeasured measured)
    {
        var right = Right(step.State, measured);
        return right.DistinctBy(compared => TrailState.Key(compared.Account)).Count() > 1 ? null
            : Challenge(step, measured, right.FirstOrDefault());
    }

    private static TrailStep Success(TrailStep step, SignInMeasured measured, SessionBegun? session, AuditUser user)
    {
        if (SignInWords.IsSecondFactor(measured))
        {
            step = step.Record(SecurityEvents.AuthnMfaSuccess(user).By(measured));
        }

        if (measured.Type is "two_factor_recovery_code")
        {
            step = step.Record(SecurityEvents.AuthnRecoveryCodeUsed(user).By(measured));
        }

        step = step.Record(SignInWords.Success(user, step.State.Failures.GetValueOrDefault(TrailState.Key(user))).By(measured));
        var compared = Right(step.State, measured).Find(compared => TrailState.IsSame(compared.Account, user));
        return Explained(step, measured, user, session, compared);
    }

    private static TrailStep Challenge(TrailStep step, SignInMeasured measured, PasswordCompared? compared)
    {
        step = step.Record(SecurityEvents.AuthnMfaChallenge(compared?.Account ?? SignInWords.Unnamed).By(measured));
        step = Explained(step, measured, compared?.Account, compared);
        return compared is null ? step : step with { State = step.State with { Challenged = step.State.Challenged.Add(compared.Account) } };
    }

    /// <summary>Forgets what a sign-in that was decided explains.</summary>
    public static TrailStep Explained(TrailStep step, SignInMeasured measured, AuditUser? account, params ReadOnlySpan<Sighting?> explained)
    {
        var state = step.State.Without(measured) with { HasSignIn = true };
        foreach (var seen in explained)
        {
            state = seen switch
            {
                null => state,
                PasswordCompared compared => state.Without(compared),
                _ => state.Without(seen),
            };
        }

        if (measured.Type is "password" && Check(state, measured) is { } check)
        {
            state = state.Without(check);
        }

        return step with { State = account is null ? state : OfAccount(state, account, measured.At) };
    }

    /// <summary>The check of <c>SignInManager</c> that led to this: the last one before, if there are several.</summary>
    public static SignInChecked? Check(TrailState state, SignInMeasured measured)
    {
        var result = measured.Result is "requires_two_factor" ? "success" : measured.Result;
        return state.Seen<SignInChecked>(From(measured), measured.At).LastOrDefault(check => check.Result == result)
            ?? state.Seen<SignInChecked>(to: measured.At).LastOrDefault(check => check.Result == result);
    }

    private static TrailState OfAccount(TrailState state, AuditUser account, long until) =>
        state.Without(seen => seen.At <= until && seen switch
        {
            NameLookedUp lookedUp => TrailState.IsOf(lookedUp, account),
            AccountSaving saving => TrailState.IsSame(saving.Account, account),
            _ => false,
        }) with { Failures = state.Failures.Remove(TrailState.Key(account)) };

    private static TrailStep ConcludeSessions(TrailStep step)
    {
        var measured = step.State.Seen<SignInMeasured>().Where(seen => IsRenewal(seen) || seen.Result is "success").ToList();
        var sessions = step.State.Seen<SessionBegun>()
            .Where(session => measured.Exists(seen => session.At >= From(seen) && session.At <= seen.At)).ToList();
        var succeeded = measured.FindAll(seen => !IsRenewal(seen));
        if (succeeded.Count == measured.Count && succeeded.Count == sessions.Count && AreAlike(succeeded))
        {
            foreach (var (seen, session) in succeeded.Zip(sessions))
            {
                step = Success(step, seen, session, session.Account ?? SignInWords.Unnamed);
            }

            return step;
        }

        // Who began a session is seen; by which kind of sign-in is not, and where one was renewed not even who.
        var isRenewed = succeeded.Count < measured.Count;
        for (var index = 0; index < Math.Max(succeeded.Count, isRenewed ? 0 : sessions.Count); index++)
        {
            var user = isRenewed || index >= sessions.Count ? SignInWords.Unnamed : sessions[index].Account ?? SignInWords.Unnamed;
            step = step.Record(SecurityEvents.AuthnLoginSuccess(user));
        }

        measured.ForEach(seen => step = Explained(step, seen, account: null));
        sessions.ForEach(session => step = step with { State = step.State.Without(session) });
        return step;
    }

    private static TrailStep ConcludeChallenges(TrailStep step)
    {
        var measured = step.State.Seen<SignInMeasured>().Where(seen => IsPending(seen, "requires_two_factor")).ToList();
        var right = measured.SelectMany(seen => Right(step.State, seen)).Distinct(ReferenceEqualityComparer.Instance)
            .Cast<PasswordCompared>().ToList();
        if (measured.Count == right.Count && AreAlike(measured))
        {
            return measured.Zip(right).Aggregate(step, (now, both) => Challenge(now, both.First, both.Second));
        }

        // Of the passwords that were right one led to this, nobody can tell which: the others are known without a name.
        step = step with { State = Unnamed(step.State, right, measured.Count) };
        return measured.Aggregate(step, (now, seen) => Challenge(now, seen, compared: null));
    }

    /// <summary>
    /// Some of these comparisons are explained, nobody can tell which: of the others it is still known that they were made.
    /// </summary>
    public static TrailState Unnamed(TrailState state, IReadOnlyCollection<PasswordCompared> compared, int explained)
    {
        state = compared.Take(explained).Aggregate(state, (now, seen) => now.Without(seen));
        return compared.Skip(explained).Aggregate(state, (now, seen) => now.Replace(seen, seen with { Account = SignInWords.Unnamed }));
    }

    /// <summary>It makes no difference which of them belongs to whom.</summary>
    public static bool AreAlike(IReadOnlyCollection<SignInMeasured> measured) =>
        measured.DistinctBy(seen => (seen.Type, seen.Result, seen.Exception, seen.Scheme)).Count() <= 1;

    private static List<PasswordCompared> Right(TrailState state, SignInMeasured measured) =>
        [.. state.Seen<PasswordCompared>(From(measured), measured.At).Where(compared => compared.IsRight)];

    private static bool IsOf(SessionBegun session, AuditUser account) => session.Account is { } begun && TrailState.IsSame(begun, account);
}
