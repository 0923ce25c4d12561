namespace SecurityAudit.Capture.Identity;

/// <summary>What the hooks saw of Identity in one request, until it is clear what it means. Exists only in requests where a hook fired.</summary>
/// <param name="caller">Who was signed in when the first hook fired.</param>
/// <param name="decide">Decides what is still open; called at the end of the pipeline, or when the response is complete if that was not reached.</param>
internal sealed class IdentityEvidence(AuditUser? caller, Action<IdentityEvidence> decide)
{
    /// <summary>Who was signed in when the first hook fired; a password check of such a request is no sign-in.</summary>
    public AuditUser? Caller { get; } = caller;

    /// <summary>The last name by which an account was looked up, as it was typed.</summary>
    public string? ClaimedName { get; set; }

    /// <summary>The account that the present attempt is about.</summary>
    public AuditUser? User { get; set; }

    /// <summary>Whether a password or a second factor was checked in the present attempt.</summary>
    public bool Checked { get; set; }

    /// <summary>A password check that may belong to a sign-in which the application does by itself.</summary>
    public PasswordCheck? Check { get; set; }

    /// <summary>Whom <c>SignInManager</c> signed in while the kind of sign-in is not known yet.</summary>
    public AuditUser? SignedIn { get; set; }

    /// <summary>The scheme of <see cref="SignedIn"/>.</summary>
    public string? Scheme { get; set; }

    /// <summary>How many failures a successful sign-in wiped out.</summary>
    public int Failures { get; set; }

    /// <summary>The lock of the present attempt is recorded, with its end, by the witness of the database.</summary>
    public bool LockRecorded { get; set; }

    /// <summary>A password reset token was accepted, so a change of password that follows is a reset.</summary>
    public bool ResetTokenAccepted { get; set; }

    /// <summary>An account was created, changed or asked for a token: a looked-up name is then no sign-in.</summary>
    public bool AccountWork { get; set; }

    /// <summary>The account that <c>UserManager</c> was about to save.</summary>
    public SavedUser? Saving { get; set; }

    /// <summary>The account that the claimed name was found to belong to.</summary>
    public AuditUser? Found { get; set; }

    /// <summary>The database witness saw what was changed since <c>UserManager</c> last reported an update.</summary>
    public bool ChangesSeen { get; set; }

    /// <summary>The database witness recorded a failed change since <c>UserManager</c> last reported an update.</summary>
    public bool FailureSeen { get; set; }

    /// <summary>The right password has a hash of an old kind, so Identity may store a new hash of the same password.</summary>
    public bool RehashNeeded { get; set; }

    /// <summary>A saved hash of which it is not yet known whether it is a new password or only a new hash.</summary>
    public SecurityEvent? NewHash { get; set; }

    /// <summary>The account as far as known: found, or at least looked up by a name that it must have.</summary>
    public AuditUser Known => User ?? Saving?.User ?? Found ?? new AuditUser(null, ClaimedName);

    /// <summary>The pipeline has run: nothing more will come that says what a password check was for.</summary>
    public void Decide() => decide(this);

    /// <summary>Forgets the attempt that was decided.</summary>
    public void NextAttempt()
    {
        (User, Found, ClaimedName, Check, SignedIn, Scheme) = (null, null, null, null, null, null);
        (Checked, LockRecorded, Failures) = (false, false, 0);
    }
}

/// <summary>A password check.</summary>
/// <param name="User">Whose password it was.</param>
/// <param name="Refusal">Null when the password was right.</param>
/// <param name="Locked">The account was locked because of it.</param>
/// <param name="Bare">Only the hasher was called: changing a password and a history of passwords do that too.</param>
internal sealed record PasswordCheck(AuditUser User, string? Refusal, bool Locked = false, bool Bare = false);

/// <summary>An account that is being saved.</summary>
internal sealed record SavedUser(AuditUser User, DateTimeOffset? LockoutEnd);
