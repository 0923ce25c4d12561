namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>
/// Saved hashes of which it is not known yet what they are: a new password, one that was reset with a token, or only a better hash of the
/// same. <c>UserManager</c> says it in a moment.
/// </summary>
internal static class HeldChanges
{
    private const string PasswordChange = "authn_password_change";

    /// <summary>A change is true: it is recorded, or held.</summary>
    public static TrailStep Made(TrailState state, ChangeMade made)
    {
        if (made.Change is not { Action: PasswordChange, Target: { Id: not null } target })
        {
            return new TrailStep(state).RecordAll(made.Change);
        }

        if (state.Resets.Contains(TrailState.Key(target)))
        {
            return new TrailStep(state with { Resets = state.Resets.Remove(TrailState.Key(target)) }).Record(Reset(made.Change));
        }

        var old = state.Seen<PasswordCompared>()
            .LastOrDefault(compared => compared.NeedsNewHash && TrailState.IsSame(compared.Account, target));
        if (old is not null)
        {
            return new TrailStep(state.Replace(old, old with { NeedsNewHash = false }).With(made));
        }

        return state.Seen<TokenSeen>().Any(token => token.AllowsReset)
            ? new TrailStep(state.With(made))
            : new TrailStep(state).RecordAll(made.Change);
    }

    /// <summary>It was a better hash of the same password.</summary>
    public static TrailStep Rehashed(TrailState state, AccountMeasured measured, AuditUser? account) =>
        new(Take(state, measured, account, out _));

    /// <summary>It was what the measurement says.</summary>
    public static TrailStep Measured(TrailStep step, AccountMeasured measured, AuditUser? account)
    {
        var isReset = measured is { Purpose: "reset_password", Succeeded: true };
        SecurityEvent? held = null;
        // Whose it was not being known, what is held stays so: the end tells that it was no better hash.
        var state = account is null || !measured.IsCovered ? step.State : Take(step.State, measured, account, out held);
        if (measured.Purpose is "reset_password"
            && state.Seen<TokenSeen>(measured.Earliest, measured.At).FirstOrDefault(token => token.AllowsReset) is { } token)
        {
            state = state.Without(token);
        }

        if (held is not null)
        {
            return (step with { State = state }).Record(isReset ? Reset(held) : held);
        }

        return step with
        {
            // Written in a transaction that is still open.
            State = isReset && measured.IsCovered && account is not null ? state with { Resets = state.Resets.Add(TrailState.Key(account)) }
                : state,
        };
    }

    // Where it could be one of several, it is still known that there was one, but not whose.
    private static TrailState Take(TrailState state, AccountMeasured measured, AuditUser? account, out SecurityEvent? taken)
    {
        var held = state.Seen<ChangeMade>(measured.Earliest, measured.At).ToList();
        var own = account is null ? [] : held.FindAll(made => TrailState.IsSame(made.Change.Target!, account));
        var unnamed = held.FindAll(made => ReferenceEquals(made.Change.Target, SignInWords.Unnamed));
        var fits = own.Count > 0 ? own : unnamed.Count > 0 ? unnamed : account is null ? held : [];
        taken = fits.Count == 0 ? null : fits[0].Change;
        if (fits.Count == 0)
        {
            return state;
        }

        state = state.Without(fits[0]);
        if (own.Count > 0 || unnamed.Count > 0 || fits.Count == 1)
        {
            return state;
        }

        taken = Unnamed(taken!);
        return fits.Skip(1).Aggregate(state, (now, made) => now.Replace(made, made with { Change = Unnamed(made.Change) }));
    }

    private static SecurityEvent Unnamed(SecurityEvent change) => SecurityEvents.AuthnPasswordChange(SignInWords.Unnamed)
        with { Outcome = change.Outcome, Reason = change.Reason };

    private static SecurityEvent Reset(SecurityEvent change) => SecurityEvents.AuthnPasswordReset(change.Target!)
        with { Outcome = change.Outcome, Reason = change.Reason };
}
