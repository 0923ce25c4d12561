namespace SecurityAudit.Reconciliation;

/// <summary>What was counted of one kind in the requests that ended, and what of it was recorded: less.</summary>
internal sealed record Difference(CountedKind Kind, long Counted, long Recorded)
{
    /// <summary>As the event has it.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name}: {Counted} counted, {Recorded} recorded");

    private string Name => Kind switch
    {
        CountedKind.SignIn => "sign_in",
        CountedKind.SignInFailure => "sign_in_failure",
        CountedKind.SecondFactor => "second_factor",
        CountedKind.Session => "session",
        CountedKind.Forbidden => "forbidden",
        CountedKind.Exception => "exception",
        _ => "rate_limit",
    };
}
