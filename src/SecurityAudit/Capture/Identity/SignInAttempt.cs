namespace SecurityAudit.Capture.Identity;

/// <summary>One sign-in through <c>SignInManager</c>, put into the words of the catalogue.</summary>
internal readonly struct SignInAttempt(IdentityEvidence evidence, string type, string? scheme)
{
    public bool IsSecondFactor => type.StartsWith("two_factor", StringComparison.Ordinal);

    public static SecurityEvent Success(AuditUser user, int failures) =>
        failures > 0 ? SecurityEvents.AuthnLoginSuccessAfterFail(user, failures) : SecurityEvents.AuthnLoginSuccess(user);

    public SecurityEvent Named(SecurityEvent made) =>
        made.With(SignInWitness.Fields.Scheme, scheme)
            .With(SignInWitness.Fields.Method, type)
            .With(SignInWitness.Fields.Mfa, IsSecondFactor);

    public IEnumerable<SecurityEvent> Succeeded(AuditUser? principal)
    {
        // SignInManager puts the new principal into the request; one that an application derived may not.
        var user = evidence.SignedIn ?? evidence.User ?? principal ?? evidence.Known;
        List<SecurityEvent> events = [];
        if (IsSecondFactor)
        {
            events.Add(Named(SecurityEvents.AuthnMfaSuccess(user)));
        }

        if (type is "two_factor_recovery_code")
        {
            events.Add(Named(SecurityEvents.AuthnRecoveryCodeUsed(user)));
        }

        events.Add(Named(Success(user, evidence.Failures)));
        return events;
    }

    public SecurityEvent Failed(AuditUser? secondFactorUser, string? refusal)
    {
        if (IsSecondFactor)
        {
            var reason = refusal is "wrong password" ? Refused : refusal;
            return Named(SecurityEvents.AuthnMfaFail(secondFactorUser ?? AuditUser.Claimed(null)) with { Reason = reason });
        }

        // Only a failure leaves open whether the account exists; a lock or a missing confirmation is the account's own.
        if (refusal is not "wrong password")
        {
            return Named(SecurityEvents.AuthnLoginFail(evidence.Known, refusal ?? "refused"));
        }

        return type switch
        {
            "password" when evidence.Check is { } check => Named(SecurityEvents.AuthnLoginFail(check.User, check.Refusal ?? "refused although the password was right")),
            "password" => Named(SecurityEvents.AuthnLoginFail(AuditUser.Claimed(evidence.ClaimedName), "unknown user")),
            "external" => Named(SecurityEvents.AuthnLoginFail(AuditUser.Claimed(null), "no account is linked to this external login")),
            _ => Named(SecurityEvents.AuthnLoginFail(evidence.User ?? AuditUser.Claimed(null), "refused")),
        };
    }

    private string Refused => type is "two_factor_recovery_code" ? "wrong recovery code" : "wrong code";
}
